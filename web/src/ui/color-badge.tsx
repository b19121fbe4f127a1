import styles from './color-badge.module.css';

/** A label with a colour that the chain chose; the text stays ink so that it is always legible. */
export function ColorBadge({ label, color }: { label: string; color: string }) {
  return (
    <span className={styles.badge} style={{ '--badge': color } as React.CSSProperties}>
      <span className={styles.dot} aria-hidden />
      {label}
    </span>
  );
}

/** A quiet label without a colour of its own; the tone adds meaning that the text also says. */
export function Tag({
  label,
  tone,
}: {
  label: string;
  tone?: 'good' | 'bad' | 'warn' | 'accent' | undefined;
}) {
  return (
    <span className={styles.tag} data-tone={tone}>
      {label}
    </span>
  );
}
