import { describe, expect, it } from 'vitest';
import { everyNth, heatStep, ticks } from '@/ui/scale';

describe('ticks', () => {
  const check = (low: number, high: number, want: number[]) =>
    expect(ticks(low, high).map((tick) => Number(tick.toPrecision(6)))).toEqual(want);

  it('begins at zero and covers the largest value in round steps', () => {
    check(0, 87, [0, 25, 50, 75, 100]);
    check(0, 1_130_000, [0, 500_000, 1_000_000, 1_500_000]);
    check(0, 0.4, [0, 0.1, 0.2, 0.3, 0.4]);
  });

  it('goes below zero where figures do', () => {
    check(-30, 60, [-50, -25, 0, 25, 50, 75]);
  });

  it('survives a chart without values', () => {
    expect(ticks(0, 0).length).toBeGreaterThan(1);
  });
});

it('leaves out labels that would touch', () => {
  expect(everyNth(24, 600, 46)).toBe(2);
  expect(everyNth(12, 900, 46)).toBe(1);
  expect(everyNth(5, 0, 46)).toBe(230);
});

it('gives empty cells the lightest step and the fullest the darkest', () => {
  expect([0, 1, 50, 100].map((value) => heatStep(value, 100))).toEqual([1, 1, 4, 7]);
  expect(heatStep(0, 0)).toBe(1);
});
