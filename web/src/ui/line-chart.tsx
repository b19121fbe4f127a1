import { useState } from 'react';
import styles from './chart.module.css';
import { colorOf, dashOf, type Series } from './chart-frame';
import { axisRoom, everyNth, ticks } from './scale';
import { Tip } from './stacked-bars';
import { useWidth } from './use-width';

type Props = {
  labels: string[];
  axis: string[];
  series: Series[];
  format: (value: number) => string;
  formatAxis: (value: number) => string;
  height?: number;
};

const RIGHT = 12;
const BOTTOM = 24;
const TOP = 8;

/** Up to five lines over time, from zero; dashes differ as well as colours. */
export function LineChart({ height = 240, ...props }: Props) {
  const { labels, series } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const [hover, setHover] = useState<number | null>(null);
  const known = series.flatMap((one) => one.values.filter((value) => value !== null));
  const steps = ticks(Math.min(0, ...known), Math.max(1e-9, ...known));
  const low = steps[0] ?? 0;
  const high = steps.at(-1) ?? 1;
  const left = axisRoom(steps.map(props.formatAxis));
  const slot = (width - left - RIGHT) / Math.max(labels.length - 1, 1);
  const x = (at: number) => left + slot * at;
  const y = (value: number) =>
    TOP + (height - TOP - BOTTOM) * (1 - (value - low) / (high - low || 1));
  const nth = everyNth(labels.length, width - left, 52);
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
        {hover !== null && (
          <line className={styles.grid} x1={x(hover)} x2={x(hover)} y1={TOP} y2={height - BOTTOM} />
        )}
        {series.map((one, index) => (
          <path
            key={one.key}
            d={pathOf(one.values, x, y)}
            fill="none"
            stroke={colorOf(index)}
            strokeWidth={2}
            strokeLinejoin="round"
            strokeDasharray={dashOf(index)}
          />
        ))}
        {labels.map((label, at) => (
          <g key={label}>
            {(labels.length - 1 - at) % nth === 0 && (
              <text
                x={at === labels.length - 1 ? width : x(at)}
                y={height - 6}
                textAnchor={at === labels.length - 1 ? 'end' : 'middle'}
              >
                {props.axis[at]}
              </text>
            )}
            <rect
              x={x(at) - slot / 2}
              y={TOP}
              width={Math.max(slot, 1)}
              height={height - TOP - BOTTOM}
              fill="transparent"
              onPointerEnter={() => setHover(at)}
            />
          </g>
        ))}
      </svg>
      {hover !== null && (
        <Tip
          title={labels[hover] ?? ''}
          left={x(hover)}
          width={width}
          rows={series.map((one) => {
            const value = one.values[hover];
            return [one.label, value === null || value === undefined ? '–' : props.format(value)];
          })}
        />
      )}
    </div>
  );
}

function pathOf(
  values: (number | null)[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let open = false;
  values.forEach((value, at) => {
    if (value === null) {
      open = false;
      return;
    }
    path += `${open ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    open = true;
  });
  return path;
}
