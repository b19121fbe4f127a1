/** Round steps from zero (or below, for negative figures) that cover the largest value. */
export function ticks(low: number, high: number, wanted = 4): number[] {
  const bottom = Math.min(0, low);
  const span = Math.max(high - bottom, 1e-9);
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const size = step ?? 10 * power;
  const first = Math.floor(bottom / size);
  const last = Math.ceil(high / size - 1e-9);
  return Array.from(
    { length: Math.max(1, last - first) + 1 },
    (_, index) => (first + index) * size,
  );
}

/** Which of many labels to write so that they do not touch. */
export function everyNth(count: number, width: number, labelWidth: number): number {
  return Math.max(1, Math.ceil((count * labelWidth) / Math.max(width, 1)));
}

/** The step of the seven-step heat ramp for a share of the largest value. */
export function heatStep(value: number, largest: number): number {
  if (largest <= 0 || value <= 0) return 1;
  return Math.min(7, Math.ceil((value / largest) * 7));
}

/** Room for the labels of a vertical axis. */
export function axisRoom(labels: string[]): number {
  // Han characters are about twice as wide as digits.
  const wide = (text: string) => text.replace(/[^\x20-\xff]/g, 'xx').length;
  return 14 + 6.8 * Math.max(0, ...labels.map(wide));
}
