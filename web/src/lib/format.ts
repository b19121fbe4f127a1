import type { Money } from '@/api/types';

const cache = new Map<string, unknown>();

function once<T>(key: string, make: () => T): T {
  let value = cache.get(key) as T | undefined;
  if (value === undefined) {
    value = make();
    cache.set(key, value);
  }
  return value;
}

/** Digits after the decimal mark of a currency, by ISO 4217 as the browser knows it. */
export function currencyDigits(currency: string): number {
  return once(`digits ${currency}`, () => {
    try {
      const format = new Intl.NumberFormat('en', { style: 'currency', currency });
      return format.resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
      return 2;
    }
  });
}

/** Every number, amount and date on screen goes through one of these. */
export type Format = ReturnType<typeof makeFormat>;

/** Makes the formats of one language and time zone. */
export function makeFormat(language: string, timeZone: string) {
  const locale = language.startsWith('zh') ? 'zh-CN' : 'en-SG';
  const number = (options: Intl.NumberFormatOptions) =>
    once(`n ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));
  const date = (options: Intl.DateTimeFormatOptions) =>
    once(`d ${locale} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options));
  const display = (type: 'region' | 'currency' | 'language') =>
    once(`x ${locale} ${type}`, () => new Intl.DisplayNames([locale], { type }));
  const zone = safeZone(timeZone);

  /** Integer minor units with the ISO code, because ¥ and $ are ambiguous. */
  function money(value: Money, digits?: number): string {
    const exponent = currencyDigits(value.currency);
    const shown = digits ?? exponent;
    const text = number({ minimumFractionDigits: shown, maximumFractionDigits: shown }).format(
      value.amount / 10 ** exponent,
    );
    return `${value.currency}\u00a0${minus(text)}`;
  }

  /** A short amount for axes and cards, for example SGD 1.3M. */
  function moneyShort(value: Money): string {
    const major = value.amount / 10 ** currencyDigits(value.currency);
    const text = number({ notation: 'compact', maximumFractionDigits: 1 }).format(major);
    return `${value.currency}\u00a0${minus(spaced(text))}`;
  }

  function count(value: number): string {
    return minus(number({ maximumFractionDigits: 0 }).format(value));
  }

  function countShort(value: number): string {
    const text = number({ notation: 'compact', maximumFractionDigits: 1 }).format(value);
    return minus(spaced(text));
  }

  function decimal(value: number, digits = 1): string {
    return minus(number({ maximumFractionDigits: digits }).format(value));
  }

  function percent(ratio: number, digits = 1): string {
    return minus(number({ style: 'percent', maximumFractionDigits: digits }).format(ratio));
  }

  /** A change with its sign always shown. */
  function signedPercent(ratio: number): string {
    const format = number({
      style: 'percent',
      maximumFractionDigits: 1,
      signDisplay: 'exceptZero',
    });
    return minus(format.format(ratio));
  }

  /** A figure with its sign always shown. */
  function signed(value: number, digits = 1): string {
    const format = number({ maximumFractionDigits: digits, signDisplay: 'exceptZero' });
    return minus(format.format(value));
  }

  /** A calendar day such as 2026-11-21, or that of an instant in the chain's zone. */
  function day(value: string): string {
    const isInstant = value.includes('T');
    const at = new Date(isInstant ? value : `${value}T00:00:00Z`);
    if (Number.isNaN(at.getTime())) return value;
    const timeZone = isInstant ? zone : 'UTC';
    return date({ year: 'numeric', month: 'short', day: 'numeric', timeZone }).format(at);
  }

  /** A birth date, whose year may be unknown (`--08-08`). */
  function birthday(value: string): string {
    if (!value.startsWith('--')) return day(value);
    const at = new Date(`2000-${value.slice(2)}T00:00:00Z`);
    if (Number.isNaN(at.getTime())) return value;
    return date({ month: 'short', day: 'numeric', timeZone: 'UTC' }).format(at);
  }

  /** A month such as 2026-11. */
  function month(value: string, withYear = true): string {
    const at = new Date(`${value.slice(0, 7)}-01T00:00:00Z`);
    return date(
      withYear
        ? { year: 'numeric', month: 'short', timeZone: 'UTC' }
        : { month: 'short', timeZone: 'UTC' },
    ).format(at);
  }

  /** An instant in the chain's zone. */
  function instant(value: string): string {
    return date({
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: zone,
    }).format(new Date(value));
  }

  function time(value: string): string {
    return date({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(
      new Date(value),
    );
  }

  /** How long ago something was, for example 3 minutes ago. */
  function relative(value: string, now: number): string {
    const seconds = (new Date(value).getTime() - now) / 1000;
    const relativeTime = once(
      `r ${locale}`,
      () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
    );
    for (const [unit, length] of RELATIVE_UNITS) {
      if (Math.abs(seconds) >= length || unit === 'second') {
        return relativeTime.format(Math.round(seconds / length), unit);
      }
    }
    return '';
  }

  /** A length of time, rounded to what a person needs, for example 3 min. */
  function duration(seconds: number): string {
    const [unit, length] =
      seconds >= 5400
        ? (['hour', 3600] as const)
        : seconds >= 90
          ? (['minute', 60] as const)
          : (['second', 1] as const);
    const unitFormat = number({ style: 'unit', unit, unitDisplay: 'short' });
    return spaced(unitFormat.format(Math.max(1, Math.round(seconds / length))));
  }

  function days(value: number): string {
    return spaced(number({ style: 'unit', unit: 'day', unitDisplay: 'long' }).format(value));
  }

  function bytes(value: number): string {
    const [unit, size] =
      value >= 1e9
        ? (['gigabyte', 1e9] as const)
        : value >= 1e6
          ? (['megabyte', 1e6] as const)
          : (['kilobyte', 1e3] as const);
    return number({ style: 'unit', unit, maximumFractionDigits: 1 }).format(value / size);
  }

  function country(code: string): string {
    return safely(() => display('region').of(code)) ?? code;
  }

  function currency(code: string): string {
    return safely(() => display('currency').of(code)) ?? code;
  }

  /** A list of which one is enough. */
  function anyOf(items: string[]): string {
    const format = once(`o ${locale}`, () => new Intl.ListFormat(locale, { type: 'disjunction' }));
    return spaced(format.format(items));
  }

  function list(items: string[]): string {
    const format = once(`l ${locale}`, () => new Intl.ListFormat(locale, { type: 'conjunction' }));
    return spaced(format.format(items));
  }

  return {
    locale,
    money,
    moneyShort,
    count,
    countShort,
    decimal,
    percent,
    signedPercent,
    signed,
    day,
    birthday,
    month,
    instant,
    time,
    relative,
    duration,
    days,
    bytes,
    country,
    currency,
    list,
    anyOf,
  };
}

const RELATIVE_UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** The real minus sign, as wide as a plus; a hyphen looks lost among tabular figures. */
function minus(text: string): string {
  return text.replace('-', '\u2212');
}

/** A space between digits and Han, as the house rules want it. */
function spaced(text: string): string {
  return text.replace(/(\d)(\p{Script=Han})/gu, '$1 $2');
}

function safeZone(timeZone: string): string {
  return (
    safely(() => new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone) ?? 'UTC'
  );
}

function safely<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
