import { ActionIcon, Button } from '@mantine/core';
import { IconCurrencyDollar, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStale } from '@/api/problem';
import { useCan, useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useUnsaved } from '@/lib/use-unsaved';
import { FormError } from '@/ui/form-error';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { Sheet, type SheetColumn } from '@/ui/sheet';
import { EmptyState } from '@/ui/states';
import { showDone } from '@/ui/undo-toast';
import { type Rate, ratesQuery, useSaveRates } from './api';
import { plainRate, type RateProblems, rateProblems } from './rates';
import styles from './rates.module.css';

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

/** The rates as rows, the newest on top. */
function toRows(rates: Rate[]): Row[] {
  return rates
    .map((rate, key) => ({ ...rate, key }))
    .sort(
      (a, b) =>
        b.valid_from.localeCompare(a.valid_from) || a.currency.localeCompare(b.currency, 'en'),
    );
}

function RatesForm({ rates, etag }: { rates: Rate[]; etag: string }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const reporting = useSession().chain.reporting_currency;
  const allowed = useCan('settings.edit');
  const save = useSaveRates();
  const [rows, setRows] = useState<Row[] | null>(null);
  // The tag of the rates that were edited; newer ones that arrive meanwhile are a conflict.
  const [base, setBase] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  // The field to go to once it is drawn.
  const [goal, setGoal] = useState({ selector: '' });
  const box = useRef<HTMLDivElement>(null);
  const shown = rows ?? toRows(rates);
  const dirty = rows !== null;
  const found = refused ? rateProblems(shown, rates) : [];
  const problems = new Map(shown.map((row, at) => [row.key, found[at] ?? {}]));
  const wrong = found.filter(isWrong).length;

  useUnsaved(dirty);

  useEffect(() => {
    if (!goal.selector) return;
    const field = box.current?.querySelector<HTMLInputElement>(goal.selector);
    field?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: 'nearest' });
  }, [goal]);

  function edit(next: Row[]) {
    setRows(next);
    setBase((old) => old ?? etag);
  }

  function forgetEdits() {
    setRows(null);
    setBase(null);
    setRefused(false);
  }

  function change(key: number, part: Partial<Rate>) {
    edit(shown.map((row) => (row.key === key ? { ...row, ...part } : row)));
  }

  function add() {
    const key = 1 + Math.max(-1, ...shown.map((row) => row.key));
    const today = new Date().toISOString().slice(0, 10);
    edit([{ key, currency: '', valid_from: today, rate: '' }, ...shown]);
    setGoal({ selector: 'tbody input' });
  }

  function submit() {
    if (rateProblems(shown, rates).some(isWrong)) {
      setRefused(true);
      setGoal({ selector: '[aria-invalid="true"]' });
      return;
    }
    save.mutate(
      { rates: shown.map(plainRate), etag: base ?? etag },
      {
        onSuccess: () => {
          forgetEdits();
          showDone(t('common:state.saved'));
        },
        // Once somebody was told that others were faster, saving again is meant.
        onError: (error) => isStale(error) && setBase(null),
      },
    );
  }

  const input = (row: Row, field: keyof Rate, label: string, type = 'text') => {
    const problem = problems.get(row.key)?.[field];
    const id = `rate-${row.key}-${field}`;
    return (
      <div className={styles.field}>
        <input
          className={styles.cell}
          type={type}
          aria-label={label}
          aria-invalid={problem !== undefined}
          aria-describedby={problem && id}
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
        {problem && (
          <span id={id} className={styles.error}>
            {t(`problems:${problem}`)}
          </span>
        )}
      </div>
    );
  };
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
            onClick={() => edit(shown.filter((one) => one.key !== row.key))}
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
    <div ref={box} className={styles.stack}>
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
            selected={(row) => isWrong(problems.get(row.key) ?? {})}
          />
        )}
      </Panel>
      {(dirty || save.error !== null) && (
        <div className={styles.bar}>
          <FormError error={save.error} />
          {wrong > 0 && (
            <p className={styles.error} role="alert">
              {t('rates.wrong', { count: wrong, number: format.count(wrong) })}
            </p>
          )}
          <div className={styles.actions}>
            <Button loading={save.isPending} onClick={submit}>
              {t('common:action.save')}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                save.reset();
                forgetEdits();
              }}
            >
              {t('common:action.cancel')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

function isWrong(problems: RateProblems): boolean {
  return Object.keys(problems).length > 0;
}
