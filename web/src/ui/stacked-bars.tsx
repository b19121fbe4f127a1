import { useState } from 'react';
import styles from './chart.module.css';
import { colorOf, type Series } from './chart-frame';
import { axisRoom, everyNth, ticks } from './scale';
import { useWidth } from './use-width';

type Props = {
  labels: string[];
  /** Short labels for the axis. */
  axis: string[];
  series: Series[];
  format: (value: number) => string;
  formatAxis: (value: number) => string;
  /** Bars that are not final, drawn lighter. */
  provisional?: boolean[];
  total?: string;
  height?: number;
};

const BOTTOM = 24;
const TOP = 8;

/** Bars of several parts, from zero; parts below zero hang under the axis. */
export function StackedBars({ height = 260, ...props }: Props) {
  const { labels, series } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const [hover, setHover] = useState<number | null>(null);
  const sums = labels.map((_, at) => {
    let up = 0;
    let down = 0;
    for (const one of series) {
      const value = one.values[at] ?? 0;
      if (value >= 0) up += value;
      else down += value;
    }
    return { up, down };
  });
  const steps = ticks(
    Math.min(...sums.map((s) => s.down), 0),
    Math.max(...sums.map((s) => s.up), 1),
  );
  const low = steps[0] ?? 0;
  const high = steps.at(-1) ?? 1;
  const left = axisRoom(steps.map(props.formatAxis));
  const y = (value: number) =>
    TOP + (height - TOP - BOTTOM) * (1 - (value - low) / (high - low || 1));
  const slot = (width - left) / Math.max(labels.length, 1);
  const bar = Math.min(46, slot * 0.68);
  const nth = everyNth(labels.length, width - left, 46);
  return (
    <div className={styles.plot} ref={box} onPointerLeave={() => setHover(null)}>
      <svg width={width} height={height} aria-hidden="true">
        {steps.map((step) => (
          <g key={step}>
            <line className={styles.grid} x1={left} x2={width} y1={y(step)} y2={y(step)} />
            <text x={left - 8} y={y(step) + 4} textAnchor="end">
              {props.formatAxis(step)}
            </text>
          </g>
        ))}
        {labels.map((label, at) => {
          let up = 0;
          let down = 0;
          const x = left + slot * at + (slot - bar) / 2;
          return (
            <g key={label} opacity={props.provisional?.[at] ? 0.55 : 1}>
              {series.map((one, index) => {
                const value = one.values[at] ?? 0;
                if (value === 0) return null;
                const from = value > 0 ? up : down;
                if (value > 0) up += value;
                else down += value;
                const top = Math.min(y(from), y(from + value));
                const size = Math.max(0.5, Math.abs(y(from) - y(from + value)) - 1);
                return (
                  <rect
                    key={one.key}
                    x={x}
                    y={top}
                    width={bar}
                    height={size}
                    rx={Math.min(2, size / 2)}
                    fill={colorOf(index)}
                  />
                );
              })}
              {(labels.length - 1 - at) % nth === 0 && (
                <text
                  x={at === labels.length - 1 ? width : x + bar / 2}
                  y={height - 6}
                  textAnchor={at === labels.length - 1 ? 'end' : 'middle'}
                >
                  {props.axis[at]}
                </text>
              )}
              <rect
                className={hover === at ? styles.hover : undefined}
                x={left + slot * at}
                y={TOP}
                width={slot}
                height={height - TOP - BOTTOM}
                fill="transparent"
                rx={4}
                onPointerEnter={() => setHover(at)}
              />
            </g>
          );
        })}
      </svg>
      {hover !== null && (
        <Tip
          title={labels[hover] ?? ''}
          left={left + slot * (hover + 0.5)}
          width={width}
          rows={[
            ...series.map((one) => [one.label, props.format(one.values[hover] ?? 0)] as const),
            ...(props.total
              ? [
                  [
                    props.total,
                    props.format((sums[hover]?.up ?? 0) + (sums[hover]?.down ?? 0)),
                  ] as const,
                ]
              : []),
          ]}
        />
      )}
    </div>
  );
}

type TipProps = {
  title: string;
  left: number;
  width: number;
  rows: (readonly [string, string])[];
};

/** The figures under the pointer; the table switch gives the same to everybody else. */
export function Tip({ title, left, width, rows }: TipProps) {
  const place = left > width / 2 ? { right: width - left + 12 } : { left: left + 12 };
  return (
    <div className={styles.tip} style={place}>
      <strong>{title}</strong>
      <dl>
        {rows.map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
