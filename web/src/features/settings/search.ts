import { oneOf } from '@/lib/search';

export const SETTINGS_TABS = [
  'chain',
  'rates',
  'users',
  'roles',
  'organisation',
  'tokens',
  'system',
] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];

/** Reads the address of the settings. */
export function settingsSearch(search: Record<string, unknown>): { tab?: SettingsTab } {
  return { tab: oneOf(search.tab, SETTINGS_TABS) };
}
