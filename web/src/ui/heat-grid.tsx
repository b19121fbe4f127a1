import type { CSSProperties, ReactNode } from 'react';
import styles from './chart.module.css';
import { heatStep } from './scale';

export type HeatCell = { key: string; weight: number; text: string; note?: string; name: string };
type Props = {
  columns: string[];
  rows: { label: string; cells: HeatCell[] }[];
  /** Draws a cell as a link; gets the class, colours and content to use. */
  cell: (
    cell: HeatCell,
    draw: { className: string; style: CSSProperties; children: ReactNode },
  ) => ReactNode;
  compact?: boolean;
};

/** A grid whose cells are darker the more they hold; every cell also says its figure. */
export function HeatGrid({ columns, rows, cell, compact }: Props) {
  const largest = Math.max(0, ...rows.flatMap((row) => row.cells.map((one) => one.weight)));
  return (
    <div
      className={styles.heat}
      data-compact={compact || undefined}
      style={{ gridTemplateColumns: `max-content repeat(${columns.length}, minmax(0, 1fr))` }}
    >
      <span />
      {columns.map((column) => (
        <span key={column} className={styles.heatHead}>
          {column}
        </span>
      ))}
      {rows.map((row) => (
        <div key={row.label} style={{ display: 'contents' }}>
          <span className={styles.heatSide}>{row.label}</span>
          {row.cells.map((one) => {
            const step = heatStep(one.weight, largest);
            const colors = {
              '--cell': `var(--heat-${step})`,
              '--cell-ink': step >= 5 ? 'var(--heat-high)' : 'var(--heat-low)',
            } as CSSProperties;
            return (
              <div key={one.key} style={{ display: 'grid', minInlineSize: 0 }}>
                {cell(one, {
                  className: styles.cell ?? '',
                  style: colors,
                  children: (
                    <>
                      <span className="visually-hidden">{one.name}</span>
                      <strong aria-hidden>{one.text}</strong>
                      {one.note && <span aria-hidden>{one.note}</span>}
                    </>
                  ),
                })}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
