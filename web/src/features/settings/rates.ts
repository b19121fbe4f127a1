import type { Rate } from './api';

/** What is wrong with each field of a rate, by the code the server would answer. */
export type RateProblems = Partial<Record<keyof Rate, string>>;

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** A rate as the server reads it; Chinese input methods type full-width letters and digits. */
export function plainRate({ currency, valid_from, rate }: Rate): Rate {
  return {
    currency: currency.normalize('NFKC').trim().toUpperCase(),
    valid_from,
    rate: rate.normalize('NFKC').replace(/[。｡]/g, '.').trim(),
  };
}

/** Finds the fields that the server would refuse; it names no row, so the screen has to. */
export function rateProblems(rates: Rate[], stored: Rate[]): RateProblems[] {
  const plain = rates.map(plainRate);
  const days = plain.map((rate) => `${rate.currency} ${rate.valid_from}`);
  const known = new Set([...CURRENCIES, ...stored.map((rate) => rate.currency)]);
  return plain.map(({ currency, valid_from, rate }, at) => {
    const found: RateProblems = {};
    if (!known.has(currency)) found.currency = 'currency_unknown';
    if (!/^\d{4}-\d{2}-\d{2}$/.test(valid_from)) found.valid_from = 'date_invalid';
    else if (days.some((day, other) => day === days[at] && other !== at))
      found.valid_from = 'rate_doubled';
    if (!/^\d{1,15}(\.\d+)?$/.test(rate) || Number(rate) <= 0) found.rate = 'rate_invalid';
    return found;
  });
}
