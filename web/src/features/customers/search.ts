import { oneOf, text } from '@/lib/search';

/** The filters of the customer list; lists of values are comma separated. */
export const FILTER_KEYS = [
  'tier',
  'rfm_group',
  'lifecycle',
  'abc',
  'store_id',
  'country',
  'r',
  'f',
] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];

/** What the address of the customer list can hold. */
export type CustomerSearch = { q?: string; sort?: string } & { [key in FilterKey]?: string };

/** Reads the address of the customer list, dropping what it does not know. */
export function customerSearch(search: Record<string, unknown>): CustomerSearch {
  const found: CustomerSearch = { q: text(search.q), sort: text(search.sort) };
  for (const key of FILTER_KEYS) found[key] = text(search[key]);
  return found;
}

/** The tabs of a customer's page. */
export const CUSTOMER_TABS = ['timeline', 'identities', 'grades'] as const;
export type CustomerTab = (typeof CUSTOMER_TABS)[number];

/** Reads the address of a customer's page. */
export function customerPageSearch(search: Record<string, unknown>): {
  tab?: CustomerTab;
  kind?: string;
} {
  return { tab: oneOf(search.tab, CUSTOMER_TABS), kind: text(search.kind) };
}

/** Whether anything but the order of the list is chosen. */
export function isFiltered(search: CustomerSearch): boolean {
  return Boolean(search.q) || FILTER_KEYS.some((key) => search[key]);
}

/** Adds or takes away one value of a comma separated list. */
export function toggleValue(list: string | undefined, value: string): string | undefined {
  const values = list?.split(',') ?? [];
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return next.length > 0 ? next.join(',') : undefined;
}
