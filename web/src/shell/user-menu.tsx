import { Menu } from '@mantine/core';
import { IconKeyboard, IconLogout } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { queryClient } from '@/lib/query';
import { useSession } from '@/lib/session';
import { initials } from '@/ui/avatar';
import styles from './user-menu.module.css';

/** Who is signed in, help with the keyboard, and the way out. */
export function UserMenu({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation('nav');
  const { user, chain } = useSession();

  async function signOut() {
    await api.DELETE('/api/session');
    queryClient.clear();
    // A fresh page holds nothing of the person who left.
    window.location.assign('/sign-in');
  }

  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={styles.avatar} aria-label={t('user_menu', user)}>
          {initials(user.name)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <strong className={styles.name}>{user.name}</strong>
          <br />
          {user.email}
          <br />
          {chain.name}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={17} aria-hidden />} onClick={onHelp}>
          {t('keyboard')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={17} aria-hidden />}
          onClick={() => void signOut()}
        >
          {t('sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
