import styles from './twin-bar.module.css';

type Props = { first: number; second: number; firstText: string; secondText: string };

/** Two shares of the same scale, one above the other, each with its figure. */
export function TwinBar({ first, second, firstText, secondText }: Props) {
  return (
    <span className={styles.twin}>
      <Line share={first} text={firstText} color="var(--chart-1)" />
      <Line share={second} text={secondText} color="var(--chart-2)" striped />
    </span>
  );
}

type LineProps = { share: number; text: string; color: string; striped?: boolean };

function Line({ share, text, color, striped }: LineProps) {
  const size = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <span className={styles.line}>
      <span className={styles.track} aria-hidden>
        <span
          data-striped={striped || undefined}
          style={{ inlineSize: size, '--bar': color } as React.CSSProperties}
        />
      </span>
      <span className={styles.text}>{text}</span>
    </span>
  );
}
