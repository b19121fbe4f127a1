import type { ReactNode } from 'react';
import styles from './share-bars.module.css';

export type ShareRow = {
  key: string;
  label: ReactNode;
  share: number;
  /** A second share to compare with, drawn as a thinner bar below. */
  other?: number;
  value: string;
  note?: string;
};

/** Shares of a whole as bars from zero; the figures stand beside them. */
export function ShareBars({ rows, color = 1 }: { rows: ShareRow[]; color?: number }) {
  const largest = Math.max(1e-9, ...rows.flatMap((row) => [row.share, row.other ?? 0]));
  return (
    <ul className={styles.list}>
      {rows.map((row) => (
        <li key={row.key} className={styles.row}>
          <div className={styles.label}>{row.label}</div>
          <div className={styles.bars} aria-hidden>
            <span
              style={{
                inlineSize: `${(row.share / largest) * 100}%`,
                background: `var(--chart-${color})`,
              }}
            />
            {row.other !== undefined && (
              <span
                className={styles.other}
                style={{ inlineSize: `${(Math.max(0, row.other) / largest) * 100}%` }}
              />
            )}
          </div>
          <div className={styles.value}>
            <strong>{row.value}</strong>
            {row.note && <span>{row.note}</span>}
          </div>
        </li>
      ))}
    </ul>
  );
}
