import { Button, Select, TextInput } from '@mantine/core';
import { IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import type { Api } from '@/api/types';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { Dropdown, DropdownLink } from '@/ui/dropdown';
import { Panel } from '@/ui/panel';
import { Sheet } from '@/ui/sheet';
import { BlockSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { usersQuery } from './people/api';
import { AUDIT_ACTIONS, AUDIT_NOUNS, type AuditFilter } from './search';
import styles from './settings.module.css';

type Entry = Api<'AuditEntry'>;

const route = getRouteApi('/app/settings');

function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: async ({ pageParam }) =>
      unwrap(
        await api.GET('/api/audit', {
          params: { query: { ...filter, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

function exportUrl(filter: AuditFilter, format: 'csv' | 'xlsx' | 'jsonl'): string {
  const chosen = Object.entries(filter).filter(([, value]) => value);
  return `/api/audit/export?${new URLSearchParams([...chosen, ['format', format]])}`;
}

/** What was done, by whom and from where, newest first. */
export function AuditTab() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const { noun, action, actor, from, until } = route.useSearch();
  const filter = { noun, action, actor, from, until };
  const mayExport = useCan('audit.export');
  const navigate = route.useNavigate();
  const people = useQuery({ ...usersQuery, enabled: useCan('people.see') });
  const query = useInfiniteQuery(auditQuery(filter));
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  const set = (next: AuditFilter) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const choice = (key: 'noun' | 'action' | 'actor', data: { value: string; label: string }[]) => ({
    'aria-label': t(`audit.${key}`),
    allowDeselect: false,
    searchable: true,
    nothingFoundMessage: t('nothing_found'),
    data: [{ value: '', label: t(`audit.any_${key}`) }, ...data],
    value: filter[key] ?? '',
    onChange: (value: string | null) => set({ [key]: value || undefined }),
  });
  const words = (group: 'nouns' | 'actions', keys: readonly string[]) =>
    keys.map((value) => ({ value, label: t(`audit.${group}.${value}`) }));

  if (people.isLoading || query.isPending) return <BlockSkeleton lines={8} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Panel
      title={t('audit.title')}
      subtitle={t('audit.subtitle')}
      actions={mayExport && <Export filter={filter} />}
      flush
    >
      <div className={styles.filters}>
        <Select
          {...choice(
            'actor',
            (people.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
          )}
        />
        <Select {...choice('action', words('actions', AUDIT_ACTIONS))} />
        <Select {...choice('noun', words('nouns', AUDIT_NOUNS))} />
        {(['from', 'until'] as const).map((key) => (
          <TextInput
            key={key}
            type="date"
            aria-label={t(`audit.${key}`)}
            leftSection={<span className={styles.quiet}>{t(`audit.${key}_short`)}</span>}
            leftSectionWidth={52}
            value={filter[key] ?? ''}
            onChange={(event) => set({ [key]: event.currentTarget.value || undefined })}
          />
        ))}
      </div>
      {entries.length === 0 ? (
        <EmptyState icon={<IconShieldCheck size={28} aria-hidden />} title={t('audit.empty')} />
      ) : (
        <Sheet
          caption={t('audit.title')}
          rows={entries}
          rowKey={(entry) => String(entry.seq)}
          columns={[
            { key: 'at', header: t('audit.at'), cell: (entry) => format.instant(entry.at) },
            {
              key: 'actor',
              header: t('audit.actor'),
              cell: (entry) => entry.actor?.name || t('audit.program'),
            },
            {
              key: 'what',
              header: t('audit.what'),
              cell: (entry) =>
                t('audit.sentence', {
                  action: t(`audit.actions.${entry.action}`, { defaultValue: entry.action }),
                  noun: t(`audit.nouns.${entry.noun}`, { defaultValue: entry.noun }),
                }),
            },
            { key: 'detail', header: t('audit.detail'), cell: (entry) => <Detail entry={entry} /> },
            { key: 'address', header: t('audit.address'), cell: (entry) => entry.address },
          ]}
        />
      )}
      {query.hasNextPage && (
        <div className={styles.bar}>
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('common:action.more')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** What the filter shows, as a file. */
function Export({ filter }: { filter: AuditFilter }) {
  const { t } = useTranslation('settings');
  return (
    <Dropdown
      role="menu"
      label={t('customers:export.title')}
      buttonClass={styles.export}
      button={
        <>
          <IconDownload size={17} aria-hidden />
          <span>{t('customers:export.title')}</span>
        </>
      }
    >
      {(close) => (
        <>
          <DropdownLink href={exportUrl(filter, 'csv')} onClick={close}>
            {t('customers:export.csv')}
          </DropdownLink>
          <DropdownLink href={exportUrl(filter, 'xlsx')} onClick={close}>
            {t('customers:export.xlsx')}
          </DropdownLink>
          <DropdownLink href={exportUrl(filter, 'jsonl')} onClick={close}>
            {t('audit.as_jsonl')}
          </DropdownLink>
        </>
      )}
    </Dropdown>
  );
}

/** Which row, what was before and after, and the hash that seals it. */
function Detail({ entry }: { entry: Entry }) {
  const { t } = useTranslation('settings');
  const text = JSON.stringify(entry.detail, null, 2);
  return (
    <details className={styles.detail}>
      <summary>{entry.noun_id ?? t('audit.show')}</summary>
      <pre>{text}</pre>
      <p className={styles.quiet}>
        {t('audit.sealed', { number: entry.seq, hash: entry.hash.slice(0, 16) })}
      </p>
    </details>
  );
}
