import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Logo } from '@/ui/logo';
import { LanguageButton, ThemeButton } from '@/ui/preference-buttons';
import { RunningJobs } from './running-jobs';
import styles from './top-bar.module.css';
import { UserMenu } from './user-menu';

type Props = { onSearch: () => void; onMenu: () => void; onHelp: () => void };

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Search, running jobs, language, theme and the signed-in person. */
export function TopBar({ onSearch, onMenu, onHelp }: Props) {
  const { t } = useTranslation('nav');
  return (
    <header className={styles.bar}>
      <button type="button" className={styles.menu} aria-label={t('open_menu')} onClick={onMenu}>
        <IconMenu2 size={20} aria-hidden />
      </button>
      <Link to="/" className={styles.brand} aria-label={t('common:app.name')}>
        <Logo />
        <span>{t('common:app.name')}</span>
      </Link>
      <button type="button" className={styles.search} onClick={onSearch}>
        <IconSearch size={17} aria-hidden />
        <span>{t('search')}</span>
        <kbd className={styles.keys}>{isMac ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      <div className={styles.tools}>
        <RunningJobs />
        <LanguageButton />
        <ThemeButton />
        <UserMenu onHelp={onHelp} />
      </div>
    </header>
  );
}
