import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { ChartFrame } from '@/ui/chart-frame';
import { HeatGrid } from '@/ui/heat-grid';
import type { RfmReport } from './api';

const UP = [1, 2, 3, 4, 5];
const DOWN = [5, 4, 3, 2, 1];

/** The 5 × 5 grid; every cell opens its customers. */
export function GridPanel({ report }: { report: RfmReport }) {
  const { t } = useTranslation('rfm');
  const format = useFormat();
  const cellOf = (r: number, f: number) =>
    report.cells.find((cell) => cell.r === r && cell.f === f);
  const fullest = report.cells.reduce(
    (best, cell) => (cell.customers > (best?.customers ?? -1) ? cell : best),
    report.cells[0],
  );
  const summary = fullest
    ? t('grid.summary', {
        share: format.percent(fullest.share ?? 0),
        r: fullest.r,
        f: fullest.f,
      })
    : '';
  return (
    <ChartFrame
      title={t('grid.title')}
      subtitle={t('grid.subtitle')}
      summary={summary}
      table={{
        head: [t('grid.cell'), t('col.customers'), t('col.share'), t('col.net')],
        rows: DOWN.flatMap((r) =>
          UP.map((f) => {
            const cell = cellOf(r, f);
            return [
              t('grid.name', { r, f }),
              format.count(cell?.customers ?? 0),
              format.percent(cell?.share ?? 0),
              cell ? format.money(cell.net, 0) : '–',
            ];
          }),
        ),
      }}
    >
      <HeatGrid
        columns={UP.map((f) => t('grid.column', { f }))}
        rows={DOWN.map((r) => ({
          label: t('grid.row', { r }),
          cells: UP.map((f) => {
            const cell = cellOf(r, f);
            const customers = cell?.customers ?? 0;
            return {
              key: `${r} ${f}`,
              weight: customers,
              text: customers >= 100_000 ? format.countShort(customers) : format.count(customers),
              note: format.percent(cell?.share ?? 0, 1),
              name: t('grid.open', {
                r,
                f,
                count: customers,
                number: format.count(customers),
                share: format.percent(cell?.share ?? 0),
              }),
            };
          }),
        }))}
        cell={(cell, draw) => {
          const [r = '', f = ''] = cell.key.split(' ');
          return <Link to="/customers" search={{ r, f }} {...draw} />;
        }}
      />
    </ChartFrame>
  );
}
