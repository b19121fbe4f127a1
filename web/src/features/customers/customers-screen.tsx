import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHotkeys } from '@/lib/hotkeys';
import { useCan } from '@/lib/session';
import { useFormat, useLabel } from '@/lib/use-format';
import { DataTable } from '@/ui/data-table';
import { Page } from '@/ui/page';
import { ErrorState } from '@/ui/states';
import { TableSkeleton } from '@/ui/table-skeleton';
import { makeColumns, type Row } from './columns';
import { CustomerCard } from './customer-card';
import styles from './customers.module.css';
import { CustomersEmpty } from './customers-empty';
import { CustomersTools } from './customers-tools';
import { type CustomerSearch, isFiltered } from './search';
import { useColumnChoice } from './use-column-choice';
import { useCustomerList } from './use-customer-list';

const NewCustomerDialog = lazy(() =>
  import('./customer-dialog').then((m) => ({ default: m.NewCustomerDialog })),
);
const CustomerPeek = lazy(() =>
  import('./customer-peek').then((m) => ({ default: m.CustomerPeek })),
);

const route = getRouteApi('/app/customers');
const DEFAULT_SORT = '-monetary';
const rowKey = (row: Row) => row.id;

/** Who matches: search, filters, saved views, and a list that scrolls through all of them. */
export function CustomersScreen() {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const label = useLabel();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [peeked, setPeeked] = useState<Row | null>(null);
  const [creating, setCreating] = useState(false);
  const choice = useColumnChoice();
  const { first, rows, need, loading, failed } = useCustomerList(search);
  const total = first.data?.total;
  // The formats and the labels change with the language only.
  const all = useMemo(() => makeColumns(t, format, label), [t, format, label]);
  const columns = useMemo(
    () => all.filter((column) => choice.chosen.includes(column.key)),
    [all, choice.chosen],
  );
  const card = useCallback(
    (row: Row) => <CustomerCard row={row} format={format} label={label} />,
    [format, label],
  );
  const mayCreate = useCan('customers.create');
  const close = () => setPeeked(null);
  useHotkeys(mayCreate ? { c: () => setCreating(true), Escape: close } : { Escape: close });

  function change(next: Partial<CustomerSearch>) {
    setPeeked(null);
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  }
  const open = useCallback(
    (row: Row) => void navigate({ to: '/customers/$id', params: { id: row.id } }),
    [navigate],
  );

  const count = total && { count: total.count, number: format.count(total.count) };
  return (
    <Page
      fill
      title={t('title')}
      subtitle={count && <span role="status">{t('common:total.customers', count)}</span>}
      actions={mayCreate && <Button onClick={() => setCreating(true)}>{t('create')}</Button>}
    >
      <CustomersTools search={search} onChange={change} columns={all} choice={choice} />
      {first.isError && rows.length === 0 ? (
        <ErrorState error={first.error} onRetry={() => void first.refetch()} />
      ) : first.isPending ? (
        <TableSkeleton />
      ) : rows.length === 0 ? (
        <CustomersEmpty filtered={isFiltered(search)} />
      ) : (
        <div className={styles.body} aria-busy={first.isPlaceholderData}>
          <DataTable
            // A new list starts at its top.
            key={JSON.stringify(search)}
            id="customers"
            label={t('title')}
            columns={columns}
            rows={rows}
            rowKey={rowKey}
            card={card}
            total={total?.count}
            sort={search.sort ?? DEFAULT_SORT}
            onSort={(sort) => change({ sort: sort === DEFAULT_SORT ? undefined : sort })}
            onNeed={need}
            note={
              failed ? (
                <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
              ) : (
                loading && t('common:state.loading')
              )
            }
            onOpen={open}
            onPeek={(row) => setPeeked(peeked?.id === row.id ? null : row)}
            onActive={(row) => peeked && setPeeked(row)}
          />
          <Suspense>
            {peeked && <CustomerPeek row={peeked} onClose={() => setPeeked(null)} />}
          </Suspense>
        </div>
      )}
      <Suspense>{creating && <NewCustomerDialog onClose={() => setCreating(false)} />}</Suspense>
    </Page>
  );
}
