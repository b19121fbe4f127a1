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
  'start',
  'drill',
  'restore',
] as const;

/** Which entries of the audit log are shown. */
export type AuditFilter = {
  noun?: (typeof AUDIT_NOUNS)[number] | undefined;
  action?: (typeof AUDIT_ACTIONS)[number] | undefined;
  actor?: string | undefined;
};

/** Reads the address of the settings. */
export function settingsSearch(
  search: Record<string, unknown>,
): { tab?: SettingsTab | undefined } & AuditFilter {
  const { actor } = search;
  return {
    tab: oneOf(search.tab, SETTINGS_TABS),
    noun: oneOf(search.noun, AUDIT_NOUNS),
    action: oneOf(search.action, AUDIT_ACTIONS),
    actor: typeof actor === 'string' && actor.startsWith('usr_') ? actor : undefined,
  };
}
