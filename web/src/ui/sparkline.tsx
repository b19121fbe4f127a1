type Props = { values: (number | null)[]; height?: number };

/** A small line without axes; the figure beside it carries the meaning. */
export function Sparkline({ values, height = 30 }: Props) {
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 2) return <svg height={height} aria-hidden="true" />;
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const points = values
    .map((value, index) =>
      value === null
        ? null
        : `${((index / (values.length - 1)) * 100).toFixed(2)},${(26 - ((value - low) / span) * 22).toFixed(2)}`,
    )
    .filter((point) => point !== null)
    .join(' ');
  return (
    <svg
      viewBox="0 0 100 30"
      preserveAspectRatio="none"
      width="100%"
      height={height}
      aria-hidden="true"
    >
      <polyline
        points={points}
        fill="none"
        stroke="var(--chart-1)"
        strokeWidth="1.75"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
