import { expect, it } from 'vitest';
import { rateProblems } from '@/features/settings/rates';
import { readNumber, showNumber } from '@/features/tiers/number-text';

it.each([
  ['', 0, null],
  ['  ', 2, null],
  ['90', 0, 90],
  ['90.0', 0, 90],
  ['-5', 0, -5],
  ['1200.5', 2, 120_050],
  ['0.29', 2, 29],
  ['3.', 2, 300],
  ['1,234,567.89', 2, 123_456_789],
  ['12,34,567', 0, 1_234_567],
  ['123,4567', 0, 1_234_567],
  ['1 200', 0, 1200],
  ['１２００', 0, 1200],
  ['１，２００．５０', 2, 120_050],
  ['１２。５', 2, 1250],
  ['90071992547409.91', 2, Number.MAX_SAFE_INTEGER],
])('reads %j with %i digits', (text, digits, wanted) => {
  expect(readNumber(text, digits)).toBe(wanted);
});

it.each([
  ['3,5OO', 2, 'unreadable'],
  ['3,50', 2, 'unreadable'],
  ['1.2.3', 2, 'unreadable'],
  ['1e3', 0, 'unreadable'],
  ['0x10', 0, 'unreadable'],
  ['.', 2, 'unreadable'],
  ['-', 0, 'unreadable'],
  ['一百', 0, 'unreadable'],
  ['90.5', 0, 'not_whole'],
  ['1.005', 2, 'too_precise'],
  ['90071992547409.92', 2, 'too_large'],
  ['99999999999999999999', 0, 'too_large'],
])('refuses %j with %i digits', (text, digits, wanted) => {
  expect(readNumber(text, digits)).toBe(wanted);
});

it('shows a figure as it is typed', () => {
  expect(showNumber(120_050, 2)).toBe('1200.50');
  expect(showNumber(100_000, 2)).toBe('1000');
  expect(showNumber(null, 0)).toBe('');
});

it('finds the fields of rates that cannot be saved', () => {
  const stored = [{ currency: 'ZZZ', valid_from: '2026-01-01', rate: '2' }];
  const found = rateProblems(
    [
      ...stored,
      { currency: 'usd', valid_from: '2026-01-01', rate: '１．３５' },
      { currency: 'USD', valid_from: '2026-01-01', rate: '1.35' },
      { currency: 'US', valid_from: '', rate: '1,35' },
      { currency: 'EUR', valid_from: '2026-01-01', rate: '0.00' },
    ],
    stored,
  );
  expect(found).toEqual([
    {},
    { valid_from: 'rate_doubled' },
    { valid_from: 'rate_doubled' },
    { currency: 'currency_unknown', valid_from: 'date_invalid', rate: 'rate_invalid' },
    { rate: 'rate_invalid' },
  ]);
});
