import { IconKeyboard, IconLogout, IconShieldLock } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { queryClient } from '@/lib/query';
import { useSession } from '@/lib/session';
import { initials } from '@/ui/avatar';
import { Dropdown, DropdownItem } from '@/ui/dropdown';
import styles from './user-menu.module.css';

/** Who is signed in, help with the keyboard, and the way out. */
export function UserMenu({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation('nav');
  const { user, chain } = useSession();
  const navigate = useNavigate();

  async function signOut() {
    await api.DELETE('/api/session');
    queryClient.clear();
    // A fresh page holds nothing of the person who left.
    window.location.assign('/sign-in');
  }

  return (
    <Dropdown
      role="menu"
      label={t('user_menu', { name: user.name })}
      button={
        <>
          <span aria-hidden>{initials(user.name)}</span>
          <span className="visually-hidden">{t('user_menu', { name: user.name })}</span>
        </>
      }
      buttonClass={styles.avatar}
    >
      {(close) => (
        <>
          <div className={styles.who} role="presentation">
            <strong>{user.name}</strong>
            <span>{user.email}</span>
            <span>{chain.name}</span>
          </div>
          <DropdownItem
            icon={<IconShieldLock size={17} aria-hidden />}
            onClick={() => {
              close();
              void navigate({ to: '/settings', search: { tab: 'access' } });
            }}
          >
            {t('access')}
          </DropdownItem>
          <DropdownItem
            icon={<IconKeyboard size={17} aria-hidden />}
            onClick={() => {
              close();
              onHelp();
            }}
          >
            {t('keyboard')}
          </DropdownItem>
          <DropdownItem icon={<IconLogout size={17} aria-hidden />} onClick={() => void signOut()}>
            {t('sign_out')}
          </DropdownItem>
        </>
      )}
    </Dropdown>
  );
}
