/** Why a typed text cannot be kept. */
export type NumberProblem = 'unreadable' | 'not_whole' | 'too_precise' | 'too_large';

/**
 * What a figure is in the scheme while its field cannot be read. It is no null, which would mean
 * that nothing is asked for, and it is never sent.
 */
export const UNREAD = Number.NaN;

/** Digits with an optional sign and fraction; commas only where they part groups of digits. */
const NUMBER = /^(-?)(\d+|\d{1,4}(?:,\d{2,4})*,\d{3,4})(?:\.(\d*))?$/;

/**
 * Reads a typed number as an integer of the smallest unit, with so many digits after the decimal
 * mark; null when nothing was typed. Chinese input methods type full-width digits and marks.
 */
export function readNumber(text: string, digits: number): number | null | NumberProblem {
  const plain = text
    .normalize('NFKC')
    .replace(/[。｡]/g, '.')
    .replace(/\u2212/g, '-')
    .replace(/\s/g, '');
  if (plain === '') return null;
  const [, sign = '', whole = '', typed = ''] = NUMBER.exec(plain) ?? [];
  if (whole === '') return 'unreadable';
  const fraction = typed.replace(/0+$/, '');
  if (fraction.length > digits) return digits === 0 ? 'not_whole' : 'too_precise';
  const units = Number(whole.replace(/,/g, '') + fraction.padEnd(digits, '0'));
  if (!Number.isSafeInteger(units)) return 'too_large';
  return sign && units > 0 ? -units : units;
}

/** A figure as people type it. */
export function showNumber(value: number | null, digits: number): string {
  if (value === null || Number.isNaN(value)) return '';
  const major = value / 10 ** digits;
  return Number.isInteger(major) ? String(major) : major.toFixed(digits);
}
