import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/lib/session';
import { NAV } from './nav';
import styles from './sidebar.module.css';

/** The navigation entries this person may use, in groups. */
export function useNav() {
  const may = useMay();
  const allowed = (needs?: string[]) => !needs || needs.some(may);
  return NAV.map((group) => ({
    ...group,
    items: group.items.filter((item) => allowed(item.needs)),
  })).filter((group) => group.items.length > 0);
}

/** The list of screens, used at the side and in the phone's drawer. */
export function NavList() {
  const { t } = useTranslation('nav');
  return useNav().map((group) => (
    <div key={group.key} className={styles.group}>
      {group.key !== 'top' && <h2 className={styles.heading}>{t(`group.${group.key}`)}</h2>}
      <ul className={styles.list}>
        {group.items.map((item) => (
          <li key={item.key}>
            <Link
              to={item.to}
              className={styles.link}
              activeOptions={{ exact: item.to === '/', includeSearch: false }}
            >
              <item.icon size={17} stroke={1.75} aria-hidden />
              {t(`item.${item.key}`)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ));
}

/** The navigation at the side of a wide screen. */
export function Sidebar({ className }: { className: string | undefined }) {
  const { t } = useTranslation('nav');
  return (
    <nav className={`${className} ${styles.sidebar}`} aria-label={t('main')}>
      <NavList />
    </nav>
  );
}
