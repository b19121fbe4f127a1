import {
  type Icon,
  IconChartGridDots,
  IconChecklist,
  IconFileImport,
  IconHome,
  IconMedal,
  IconSettings,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';

export type NavItem = {
  /** Key in the `nav` namespace. */
  key: string;
  to: string;
  icon: Icon;
  /** Second key of the sequence that starts with G. */
  hotkey?: string;
  /** Permissions of which one is needed to be shown the entry. */
  needs?: string[];
  /** Shown in the bottom bar of a phone. */
  phone?: boolean;
};
export type NavGroup = { key: string; items: NavItem[] };

/** Every screen that exists, in the order of the sidebar. */
export const NAV: NavGroup[] = [
  {
    key: 'top',
    items: [
      { key: 'home', to: '/', icon: IconHome, hotkey: 't', phone: true, needs: ['reports.see'] },
    ],
  },
  {
    key: 'people',
    items: [
      {
        key: 'customers',
        to: '/customers',
        icon: IconUsers,
        hotkey: 'c',
        phone: true,
        needs: ['customers.see'],
      },
      { key: 'tiers', to: '/tiers', icon: IconMedal, hotkey: 'l', needs: ['tiers.see'] },
      {
        key: 'analytics',
        to: '/rfm',
        icon: IconChartGridDots,
        hotkey: 'a',
        needs: ['reports.see'],
      },
      {
        key: 'duplicates',
        to: '/duplicates',
        icon: IconUsersGroup,
        hotkey: 'd',
        needs: ['duplicates.see'],
      },
    ],
  },
  {
    key: 'system',
    items: [
      {
        key: 'imports',
        to: '/imports',
        icon: IconFileImport,
        hotkey: 'i',
        phone: true,
        needs: ['imports.see'],
      },
      { key: 'jobs', to: '/jobs', icon: IconChecklist, hotkey: 'j', needs: ['jobs.see'] },
      {
        key: 'settings',
        to: '/settings',
        icon: IconSettings,
        hotkey: 's',
        needs: [
          'settings.see',
          'people.see',
          'stores.see',
          'tokens.create',
          'audit.see',
          'system.see',
        ],
      },
    ],
  },
];
