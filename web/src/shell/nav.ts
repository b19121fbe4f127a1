import { type Icon, IconHome, IconUsers } from '@tabler/icons-react';

export type NavItem = {
  /** Key in the `nav` namespace. */
  key: string;
  to: string;
  icon: Icon;
  /** Second key of the sequence that starts with G. */
  hotkey?: string;
  /** Permission without which the entry is not shown. */
  needs?: string;
  /** Shown in the bottom bar of a phone. */
  phone?: boolean;
};
export type NavGroup = { key: string; items: NavItem[] };

/** Every screen that exists, in the order of the sidebar. */
export const NAV: NavGroup[] = [
  { key: 'top', items: [{ key: 'home', to: '/', icon: IconHome, hotkey: 't', phone: true }] },
  {
    key: 'people',
    items: [{ key: 'customers', to: '/customers', icon: IconUsers, hotkey: 'c', phone: true }],
  },
];
