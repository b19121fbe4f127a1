import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { ChartFrame } from '@/ui/chart-frame';
import { StackedBars } from '@/ui/stacked-bars';
import { EmptyState } from '@/ui/states';
import { useNarrow } from '@/ui/use-narrow';

/** Net sales by month, split into returning, new and unknown customers. */
export function MonthlyChart({ report }: { report: Api<'MonthlyReport'> }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const narrow = useNarrow();
  const rows = report.rows.slice(narrow ? -12 : -24);
  const money = (amount: number) => format.money({ amount, currency: report.currency }, 0);
  if (rows.length === 0) return <EmptyState title={t('monthly.empty')} />;

  const series = [
    { key: 'returning', label: t('monthly.returning'), values: rows.map((r) => r.returning_net) },
    { key: 'new', label: t('monthly.new'), values: rows.map((r) => r.new_net) },
    { key: 'guest', label: t('monthly.guest'), values: rows.map((r) => r.guest_net) },
  ];
  const last = rows.filter((row) => row.complete).at(-1);
  const name = (row: Api<'MonthlyRow'>) =>
    row.complete
      ? format.month(row.month)
      : t('monthly.so_far', { month: format.month(row.month) });
  return (
    <ChartFrame
      title={t('monthly.title')}
      summary={
        last && last.net > 0
          ? t('monthly.summary', {
              month: format.month(last.month),
              net: money(last.net),
              share: format.percent(last.returning_net / last.net, 0),
            })
          : t('monthly.summary_none')
      }
      legend={series.map(({ label }) => ({ label }))}
      table={{
        head: [
          t('monthly.month'),
          t('monthly.net'),
          ...series.map(({ label }) => label),
          t('monthly.orders'),
          t('monthly.customers'),
        ],
        rows: rows
          .map((row) => [
            name(row),
            money(row.net),
            money(row.returning_net),
            money(row.new_net),
            money(row.guest_net),
            format.count(row.orders),
            format.count(row.customers),
          ])
          .reverse(),
      }}
    >
      <StackedBars
        labels={rows.map(name)}
        axis={rows.map((row) => format.month(row.month, row.month.endsWith('-01')))}
        provisional={rows.map((row) => !row.complete)}
        series={series}
        format={money}
        formatAxis={(amount) => format.moneyShort({ amount, currency: report.currency })}
        total={t('monthly.net')}
      />
    </ChartFrame>
  );
}
