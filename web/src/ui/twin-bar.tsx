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

/** Says what the two bars are. */
export function TwinLegend({ first, second }: { first: string; second: string }) {
  return (
    <span className={styles.legend}>
      <span>
        <Swatch color="var(--chart-1)" />
        {first}
      </span>
      <span>
        <Swatch color="var(--chart-2)" striped />
        {second}
      </span>
    </span>
  );
}

function Swatch({ color, striped }: { color: string; striped?: boolean }) {
  return (
    <span
      className={styles.swatch}
      data-striped={striped || undefined}
      style={{ '--bar': color } as React.CSSProperties}
      aria-hidden
    />
  );
}

type LineProps = { share: number; text: string; color: string; striped?: boolean };

function Line({ share, text, color, striped }: LineProps) {
  const size = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <span className={styles.line}>
      <span className={styles.track} aria-hidden>
        {share > 0 && (
          <span
            data-striped={striped || undefined}
            style={{ inlineSize: size, '--bar': color } as React.CSSProperties}
          />
        )}
      </span>
      <span className={styles.text}>{text}</span>
    </span>
  );
}
