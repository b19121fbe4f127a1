import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './chart.module.css';
import { Panel } from './panel';

export type Series = { key: string; label: string; values: (number | null)[] };
export type ChartTable = { head: string[]; rows: string[][] };

const DASHES = ['', '', '6 3', '2 3', '8 3 2 3'];

/** The stroke pattern of a series, so that colour is never alone. */
export function dashOf(index: number): string {
  return DASHES[index % DASHES.length] ?? '';
}

/** The chart colour of a series. */
export function colorOf(index: number): string {
  return `var(--chart-${(index % 6) + 1})`;
}

type Props = {
  title: string;
  subtitle?: ReactNode;
  /** What the chart shows, in one sentence. */
  summary: string;
  legend?: { label: string; kind?: 'line' | 'area' }[];
  table: ChartTable;
  actions?: ReactNode;
  children: ReactNode;
};

/** A chart with its title, legend, one-sentence summary and the same figures as a table. */
export function ChartFrame({ title, subtitle, summary, legend, table, actions, children }: Props) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <Panel
      title={title}
      subtitle={subtitle}
      actions={
        <div className={styles.actions}>
          {actions}
          <button
            type="button"
            className={styles.toggle}
            aria-pressed={asTable}
            aria-controls={id}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? t('chart.as_chart') : t('chart.as_table')}
          </button>
        </div>
      }
    >
      <p className={styles.summary}>{summary}</p>
      <div id={id}>
        {asTable ? (
          <FigureTable table={table} caption={summary} />
        ) : (
          <>
            {legend && legend.length > 1 && <Legend items={legend} />}
            {children}
          </>
        )}
      </div>
    </Panel>
  );
}

function Legend({ items }: { items: { label: string; kind?: 'line' | 'area' }[] }) {
  return (
    <ul className={styles.legend}>
      {items.map((item, index) => (
        <li key={item.label}>
          <svg width="18" height="12" aria-hidden="true">
            {item.kind === 'line' ? (
              <line
                x1="0"
                x2="18"
                y1="6"
                y2="6"
                stroke={colorOf(index)}
                strokeWidth="2.5"
                strokeDasharray={dashOf(index)}
              />
            ) : (
              <rect x="3" width="12" height="12" rx="3" fill={colorOf(index)} />
            )}
          </svg>
          {item.label}
        </li>
      ))}
    </ul>
  );
}

/** Figures as a table; the first column names the row. */
export function FigureTable({ table, caption }: { table: ChartTable; caption: string }) {
  return (
    <div className={styles.tableBox}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {table.head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, index) =>
                index === 0 ? (
                  <th key={table.head[index]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={table.head[index]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
