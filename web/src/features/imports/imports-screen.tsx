import { Button } from '@mantine/core';
import { IconFileImport, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Format } from '@/lib/format';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { type Column, DataTable } from '@/ui/data-table';
import { Page } from '@/ui/page';
import { QueryView } from '@/ui/query-view';
import { EmptyState } from '@/ui/states';
import { type Import, importsQuery } from './api';
import styles from './imports.module.css';
import { ImportState } from './state-tag';

/** Every import, and the way to start a new one. */
export function ImportsScreen() {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const navigate = useNavigate();
  const mayRun = useCan('imports.create');
  const query = useInfiniteQuery(importsQuery);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useMemo(() => makeColumns(t, format), [t, format]);
  const create = mayRun && (
    <Button component={Link} to="/imports/new" leftSection={<IconPlus size={17} aria-hidden />}>
      {t('list.new')}
    </Button>
  );
  const open = (row: Import) => void navigate({ to: '/imports/$id', params: { id: row.id } });

  return (
    <Page title={t('title')} subtitle={t('subtitle')} actions={rows.length > 0 && create} fill>
      <QueryView query={query}>
        {() =>
          rows.length === 0 ? (
            <EmptyState
              icon={<IconFileImport size={28} aria-hidden />}
              title={t('list.empty')}
              action={create}
            />
          ) : (
            <DataTable
              id="imports"
              label={t('title')}
              columns={columns}
              rows={rows}
              rowKey={rowKey}
              card={(row) => <ImportCard row={row} />}
              onNeed={(_, last) => {
                if (last >= rows.length && query.hasNextPage && !query.isFetching) {
                  void query.fetchNextPage();
                }
              }}
              note={query.isFetchingNextPage && t('common:state.loading')}
              onOpen={open}
            />
          )
        }
      </QueryView>
    </Page>
  );
}

function rowKey(row: Import): string {
  return row.id;
}

function makeColumns(t: TFunction<'imports'>, format: Format): Column<Import>[] {
  const count = (value: number) => (value > 0 ? format.count(value) : '–');
  return [
    {
      key: 'file',
      header: t('list.file'),
      width: '250px',
      cell: (row) => (
        <Link to="/imports/$id" params={{ id: row.id }}>
          {row.file_name}
        </Link>
      ),
    },
    { key: 'kind', header: t('list.kind'), width: '110px', cell: (row) => t(`kind.${row.kind}`) },
    { key: 'source', header: t('list.source'), width: '140px', cell: (row) => row.source },
    {
      key: 'state',
      header: t('list.state'),
      width: '150px',
      cell: (row) => <ImportState row={row} />,
    },
    {
      key: 'new',
      header: t('count.new'),
      width: '110px',
      align: 'end',
      cell: (row) => count(row.rows.new),
    },
    {
      key: 'updated',
      header: t('count.updated'),
      width: '110px',
      align: 'end',
      cell: (row) => count(row.rows.updated),
    },
    {
      key: 'rejected',
      header: t('count.rejected'),
      width: '110px',
      align: 'end',
      cell: (row) =>
        row.rows.rejected > 0 ? (
          <span className={styles.wrong}>{format.count(row.rows.rejected)}</span>
        ) : (
          '–'
        ),
    },
    {
      key: 'created',
      header: t('list.created'),
      width: '200px',
      align: 'end',
      cell: (row) => format.instant(row.created_at),
    },
  ];
}

function ImportCard({ row }: { row: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  return (
    <div className={styles.card}>
      <div className={styles.cardLine}>
        <Link to="/imports/$id" params={{ id: row.id }}>
          {row.file_name}
        </Link>
        <ImportState row={row} />
      </div>
      <div className={styles.cardLine}>
        <span>
          {t('sentence', {
            new: format.count(row.rows.new),
            updated: format.count(row.rows.updated),
            rejected: format.count(row.rows.rejected),
          })}
        </span>
      </div>
    </div>
  );
}
