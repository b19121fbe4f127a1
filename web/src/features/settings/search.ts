import { oneOf } from '@/lib/search';

export const SETTINGS_TABS = [
  'chain',
  'rates',
  'users',
  'roles',
  'organisation',
  'audit',
  'access',
  'backups',
  'system',
] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];

/** What the audit log tells of. */
export const AUDIT_NOUNS = [
  'customer',
  'order',
  'pair',
  'import',
  'grade_run',
  'tier_scheme',
  'store',
  'unit',
  'team',
  'user',
  'role',
  'token',
  'settings',
  'exchange_rates',
  'view',
  'job',
  'backup',
  'book',
  'audit',
] as const;
export const AUDIT_ACTIONS = [
  'create',
  'update',
  'delete',
  'assign',
  'override',
  'merge',
  'unmerge',
  'dismiss',
  'import',
  'undo',
  'export',
  'grade',
  'draft',
  'discard',
  'publish',
  'sign_in',
  'sign_in_failed',
  'sign_out',
  'end_session',
  'invite',
  'join',
  'leave',
  'change_password',
  'turn_on_second_factor',
  'turn_off_second_factor',
  'reset_second_factor',
  'make_recovery_codes',
  'use_recovery_code',
  'start',
  'drill',
  'restore',
] as const;

/** Which entries of the audit log are shown. */
export type AuditFilter = {
  noun?: (typeof AUDIT_NOUNS)[number] | undefined;
  action?: (typeof AUDIT_ACTIONS)[number] | undefined;
  actor?: string | undefined;
  /** First and last day, as 2026-11-24. */
  from?: string | undefined;
  until?: string | undefined;
};

const day = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;

/** Reads the address of the settings. */
export function settingsSearch(
  search: Record<string, unknown>,
): { tab?: SettingsTab | undefined } & AuditFilter {
  const { actor } = search;
  return {
    tab: oneOf(search.tab, SETTINGS_TABS),
    noun: oneOf(search.noun, AUDIT_NOUNS),
    action: oneOf(search.action, AUDIT_ACTIONS),
    from: day(search.from),
    until: day(search.until),
    actor: typeof actor === 'string' && actor.startsWith('usr_') ? actor : undefined,
  };
}
