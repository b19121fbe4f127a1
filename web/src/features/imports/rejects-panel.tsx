import { Button } from '@mantine/core';
import { IconDownload, IconFileImport } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { FormError } from '@/ui/form-error';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { type Import, type Reject, rejectsFile, rejectsQuery, useRetryRejects } from './api';
import { RejectItem } from './reject-item';
import styles from './rejects.module.css';

/** The rows that could not be used, why, and a way to mend them on the spot. */
export function RejectsPanel({ one }: { one: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const navigate = useNavigate();
  const query = useInfiniteQuery(rejectsQuery(one.id));
  const retry = useRetryRejects(one.id);
  const editable = useCan('imports.edit') && !one.dry_run && one.state === 'done';
  const [edits, setEdits] = useState<Map<number, string[]>>(new Map());
  const count = edits.size;
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const settled = rows.length > 0 && !query.hasNextPage && rows.every((row) => row.resolved);
  const subtitle =
    one.state === 'undone'
      ? 'subtitle_undone'
      : one.dry_run
        ? 'subtitle_dry'
        : settled
          ? 'subtitle_settled'
          : editable
            ? 'subtitle'
            : 'subtitle_left';

  function edit(row: Reject, cells: string[] | null) {
    setEdits((old) => {
      const next = new Map(old);
      if (cells) next.set(row.line, cells);
      else next.delete(row.line);
      return next;
    });
  }

  function send() {
    const rows = [...edits].map(([line, cells]) => ({ line, cells }));
    retry.mutate(rows, {
      onSuccess: ({ id }) => void navigate({ to: '/imports/$id', params: { id } }),
    });
  }

  return (
    <Panel
      title={t('rejects.title')}
      subtitle={t(`rejects.${subtitle}`)}
      actions={
        <Button
          component="a"
          href={rejectsFile(one.id)}
          download
          variant="default"
          leftSection={<IconDownload size={17} aria-hidden />}
        >
          {t('rejects.download')}
        </Button>
      }
      flush
    >
      <QueryView query={query}>
        {(data) => {
          const columns = data.pages[0]?.columns ?? [];
          return (
            <>
              <ul className={styles.rejects}>
                {rows.map((row) => (
                  <RejectItem
                    key={row.line}
                    row={row}
                    columns={columns}
                    mapping={one.options.mapping ?? {}}
                    edited={edits.get(row.line)}
                    onEdit={editable && !row.resolved ? edit : undefined}
                  />
                ))}
              </ul>
              {query.hasNextPage && (
                <div className={styles.more}>
                  <Button
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t('common:action.more')}
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </QueryView>
      {count > 0 && (
        <div className={styles.sticky}>
          <span>{t('rejects.corrected', { count, number: format.count(count) })}</span>
          <FormError error={retry.error} />
          <Button
            loading={retry.isPending}
            leftSection={<IconFileImport size={17} aria-hidden />}
            onClick={send}
          >
            {t('rejects.import')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
