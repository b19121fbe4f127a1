import { Link } from '@tanstack/react-router';
import type { Format } from '@/lib/format';
import { ColorBadge } from '@/ui/color-badge';
import { type LabelOf, nameOf, type Row } from './columns';
import styles from './customers.module.css';

type Props = { row: Row; format: Format; label: LabelOf };

/** A customer in two lines, for a phone. */
export function CustomerCard({ row, format, label }: Props) {
  const place = [row.home_store?.name, row.last_order && format.day(row.last_order)];
  return (
    <>
      <div className={styles.cardLine}>
        <Link to="/customers/$id" params={{ id: row.id }} className={styles.cardName} tabIndex={-1}>
          {nameOf(row)}
        </Link>
        {row.tier && <ColorBadge label={label(row.tier.name)} color={row.tier.color} />}
      </div>
      <div className={styles.cardLine}>
        <span className={styles.cardNote}>{place.filter(Boolean).join(' · ')}</span>
        <span className={styles.cardFigure}>{format.money(row.monetary)}</span>
      </div>
    </>
  );
}
