import { describe, expect, it } from 'vitest';
import { makeFormat } from '@/lib/format';

const en = makeFormat('en', 'Asia/Singapore');
const zh = makeFormat('zh', 'Asia/Shanghai');

describe('money', () => {
  const check = (amount: number, currency: string, want: string) =>
    expect(en.money({ amount, currency })).toBe(want);

  it('knows the digits of each currency', () => {
    check(246_096, 'SGD', 'SGD\u00a02,460.96');
    check(98_000, 'JPY', 'JPY\u00a098,000');
    check(1_234_567, 'KWD', 'KWD\u00a01,234.567');
    check(-4_900, 'SGD', 'SGD\u00a0\u221249.00');
    check(0, 'CNY', 'CNY\u00a00.00');
  });

  it('is short on cards and axes', () => {
    expect(en.moneyShort({ amount: 131_240_050, currency: 'SGD' })).toBe('SGD\u00a01.3M');
    expect(zh.moneyShort({ amount: 131_240_050, currency: 'CNY' })).toBe('CNY\u00a0131.2 万');
  });
});

describe('dates', () => {
  it('shows calendar days without a zone', () => {
    expect(en.day('2026-11-21')).toBe('21 Nov 2026');
    expect(zh.day('2026-11-21')).toBe('2026年11月21日');
    expect(en.day('2026-11-30T22:44:00Z')).toBe('1 Dec 2026');
  });

  it('shows instants in the zone of the chain', () => {
    expect(en.instant('2026-11-20T22:40:00Z')).toContain('06:40');
  });

  it('shows birthdays whose year is unknown', () => {
    expect(en.birthday('--08-08')).toBe('8 Aug');
    expect(zh.birthday('--08-08')).toBe('8月8日');
  });

  it('survives a zone that the browser does not know', () => {
    expect(makeFormat('en', 'Mars/Base').time('2026-11-20T22:40:00Z')).toBe('22:40');
  });
});

it('always shows the sign of a change', () => {
  expect(en.signedPercent(0.064)).toBe('+6.4%');
  expect(en.signedPercent(-0.034)).toBe('\u22123.4%');
  expect(en.signed(2.5)).toBe('+2.5');
  expect(en.signed(-31, 0)).toBe('\u221231');
});

it('writes every figure below zero with the minus sign', () => {
  expect(en.count(-1204)).toBe('\u22121,204');
  expect(en.countShort(-1_200_000)).toBe('\u22121.2M');
  expect(en.decimal(-0.5)).toBe('\u22120.5');
  expect(en.percent(-0.012)).toBe('\u22121.2%');
});

it('puts a space between digits and Han', () => {
  expect(zh.days(34)).toBe('34 天');
  expect(en.days(1)).toBe('1 day');
  expect(zh.duration(190)).toBe('3 分钟');
});
