/** A search parameter as text; anything empty or of another kind is left out. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A search parameter limited to known values. */
export function oneOf<T extends string>(value: unknown, known: readonly T[]): T | undefined {
  return known.find((item) => item === value);
}

/** Plain addresses: `?tier=gold&r=5`, every value a text, commas left as they are. */
export const plainSearch = {
  parseSearch: (text: string): Record<string, string> =>
    Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search: Record<string, unknown>): string => {
    const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString();
    return text ? `?${text.replaceAll('%2C', ',')}` : '';
  },
};
