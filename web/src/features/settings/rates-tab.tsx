import { ActionIcon, Button } from '@mantine/core';
import { IconCurrencyDollar, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useSession } from '@/lib/session';
import { FormError } from '@/ui/form-error';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { Sheet, type SheetColumn } from '@/ui/sheet';
import { EmptyState } from '@/ui/states';
import { showDone } from '@/ui/undo-toast';
import { type Rate, ratesQuery, useSaveRates } from './api';
import styles from './settings.module.css';

/** What each currency is worth in the reporting currency, from which day on. */
export function RatesTab() {
  const query = useQuery(ratesQuery);
  return (
    <QueryView query={query}>
      {({ data, etag }) => <RatesForm rates={data} etag={etag} />}
    </QueryView>
  );
}

type Row = Rate & { key: number };

function RatesForm({ rates, etag }: { rates: Rate[]; etag: string }) {
  const { t } = useTranslation('settings');
  const reporting = useSession().chain.reporting_currency;
  const allowed = useCan('system.edit');
  const save = useSaveRates();
  const nextKey = useRef(rates.length);
  const withKeys = (list: Rate[]): Row[] => list.map((rate, key) => ({ ...rate, key }));
  const [rows, setRows] = useState<Row[] | null>(null);
  const shown = rows ?? withKeys(rates);
  const dirty = rows !== null;

  function change(key: number, part: Partial<Rate>) {
    setRows(shown.map((row) => (row.key === key ? { ...row, ...part } : row)));
  }

  function add() {
    const key = nextKey.current++;
    const today = new Date().toISOString().slice(0, 10);
    setRows([...shown, { key, currency: '', valid_from: today, rate: '' }]);
  }

  function submit() {
    const next = shown.map(({ currency, valid_from, rate }) => ({ currency, valid_from, rate }));
    save.mutate(
      { rates: next, etag },
      {
        onSuccess: () => {
          setRows(null);
          showDone(t('common:state.saved'));
        },
      },
    );
  }

  const input = (row: Row, field: keyof Rate, label: string, type = 'text') => (
    <input
      className={styles.cell}
      type={type}
      aria-label={label}
      value={row[field]}
      readOnly={!allowed}
      inputMode={field === 'rate' ? 'decimal' : undefined}
      maxLength={field === 'currency' ? 3 : undefined}
      placeholder={field === 'currency' ? 'USD' : undefined}
      onChange={(event) => {
        const value = event.currentTarget.value;
        change(row.key, { [field]: field === 'currency' ? value.toUpperCase() : value });
      }}
    />
  );
  const columns: SheetColumn<Row>[] = [
    {
      key: 'currency',
      header: t('rates.currency'),
      cell: (row) => input(row, 'currency', t('rates.currency')),
    },
    {
      key: 'from',
      header: t('rates.from'),
      cell: (row) => input(row, 'valid_from', t('rates.from'), 'date'),
    },
    {
      key: 'rate',
      header: t('rates.rate', { currency: reporting }),
      cell: (row) => input(row, 'rate', t('rates.rate', { currency: reporting })),
    },
    {
      key: 'remove',
      header: <span className="visually-hidden">{t('common:action.remove')}</span>,
      align: 'end',
      cell: (row) =>
        allowed && (
          <ActionIcon
            aria-label={t('common:action.remove_named', {
              name: `${row.currency} ${row.valid_from}`,
            })}
            onClick={() => setRows(shown.filter((one) => one.key !== row.key))}
          >
            <IconTrash size={17} aria-hidden />
          </ActionIcon>
        ),
    },
  ];
  const addButton = allowed && (
    <Button variant="default" leftSection={<IconPlus size={17} aria-hidden />} onClick={add}>
      {t('rates.add')}
    </Button>
  );

  return (
    <Panel
      title={t('rates.title')}
      subtitle={t('rates.subtitle', { currency: reporting })}
      actions={shown.length > 0 && addButton}
      flush
    >
      {shown.length === 0 ? (
        <EmptyState
          icon={<IconCurrencyDollar size={28} aria-hidden />}
          title={t('rates.empty', { currency: reporting })}
          action={addButton}
        />
      ) : (
        <Sheet
          caption={t('rates.title')}
          columns={columns}
          rows={shown}
          rowKey={(row) => String(row.key)}
        />
      )}
      {(dirty || save.error !== null) && (
        <div className={styles.bar}>
          <FormError error={save.error} />
          <div className={styles.actions}>
            <Button loading={save.isPending} onClick={submit}>
              {t('common:action.save')}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                save.reset();
                setRows(null);
              }}
            >
              {t('common:action.cancel')}
            </Button>
          </div>
        </div>
      )}
    </Panel>
  );
}
