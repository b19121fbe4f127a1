import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { ChartFrame } from '@/ui/chart-frame';
import { HeatGrid } from '@/ui/heat-grid';
import { Panel } from '@/ui/panel';
import { EmptyState } from '@/ui/states';

const SCORES = [1, 2, 3, 4, 5];

/** Customers by recency and frequency; every cell opens its people. */
export function RfmMini({ report }: { report: Api<'RfmReport'> }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  if (report.n === 0) {
    return (
      <Panel title={t('rfm.title')}>
        <EmptyState title={t('rfm.empty')} />
      </Panel>
    );
  }
  const of = (r: number, f: number) => report.cells.find((cell) => cell.r === r && cell.f === f);
  const best = report.cells.reduce((sum, cell) => {
    return cell.r >= 4 && cell.f >= 4 ? sum + (cell.share ?? 0) : sum;
  }, 0);
  const rows = [...SCORES].reverse().map((r) => ({
    label: t('rfm.r', { score: r }),
    cells: SCORES.map((f) => {
      const cell = of(r, f);
      const count = cell?.customers ?? 0;
      return {
        key: `${r}-${f}`,
        weight: count,
        text: format.count(count),
        note: format.percent(cell?.share ?? 0, 0),
        name: t('rfm.cell', { r, f, number: format.count(count) }),
      };
    }),
  }));
  return (
    <ChartFrame
      title={t('rfm.title')}
      summary={t('rfm.summary', { share: format.percent(best, 0) })}
      table={{
        head: ['', ...SCORES.map((f) => t('rfm.f', { score: f }))],
        rows: rows.map((row) => [row.label, ...row.cells.map((cell) => cell.text)]),
      }}
    >
      <HeatGrid
        columns={SCORES.map((f) => t('rfm.f', { score: f }))}
        rows={rows}
        cell={(cell, draw) => {
          const [r, f] = cell.key.split('-');
          return <Link to="/customers" search={{ r, f }} {...draw} />;
        }}
      />
    </ChartFrame>
  );
}
