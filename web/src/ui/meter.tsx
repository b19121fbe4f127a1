import styles from './meter.module.css';

type Props = {
  /** The finished part between 0 and 1; null when the end is not known. */
  share: number | null;
  label: string;
  busy?: boolean;
};

/** A bar that fills as work is done. */
export function Meter({ share, label, busy }: Props) {
  const percent = share === null ? undefined : Math.round(share * 100);
  return (
    <div
      className={styles.meter}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div
        className={styles.fill}
        data-open={(share === null && busy) || undefined}
        style={{ inlineSize: `${percent ?? (busy ? 30 : 0)}%` }}
      />
    </div>
  );
}
