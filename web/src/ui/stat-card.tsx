import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from '@tabler/icons-react';
import type { CSSProperties, ReactNode } from 'react';
import styles from './stat-card.module.css';

type Change = { text: string; direction: 'up' | 'down' | 'flat'; tone: 'good' | 'bad' | 'plain' };
type Props = {
  label: string;
  value: ReactNode;
  change?: Change | undefined;
  note?: ReactNode;
  children?: ReactNode;
};

const ARROWS = { up: IconArrowUpRight, down: IconArrowDownRight, flat: IconArrowRight };

/** The space for a figure that is not plain text, in characters. */
const USUAL_LENGTH = 8;

/** One figure with its change; the arrow and the sign say what the colour says. */
export function StatCard({ label, value, change, note, children }: Props) {
  const Arrow = change ? ARROWS[change.direction] : null;
  const length = typeof value === 'string' ? value.length : USUAL_LENGTH;
  return (
    <section className={styles.card} aria-label={label}>
      <h2 className={styles.label}>{label}</h2>
      <span className={styles.value} style={{ '--length': length } as CSSProperties}>
        {value}
      </span>
      {children}
      {(note || change) && (
        <div className={styles.row}>
          {change && Arrow && (
            <span className={styles.change} data-tone={change.tone}>
              <Arrow size={14} aria-hidden />
              {change.text}
            </span>
          )}
          {note && <span className={styles.note}>{note}</span>}
        </div>
      )}
    </section>
  );
}
