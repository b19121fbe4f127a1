import { IconMenu2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import styles from './bottom-bar.module.css';
import { useNav } from './sidebar';

/** The phone's bar at the bottom: the few screens used most, and the rest behind More. */
export function BottomBar({
  className,
  onMore,
}: {
  className: string | undefined;
  onMore: () => void;
}) {
  const { t } = useTranslation('nav');
  const items = useNav()
    .flatMap((group) => group.items)
    .filter((item) => item.phone)
    .slice(0, 4);
  return (
    <nav className={`${className} ${styles.bar}`} aria-label={t('main')}>
      {items.map((item) => (
        <Link
          key={item.key}
          to={item.to}
          className={styles.item}
          activeOptions={{ exact: item.to === '/', includeSearch: false }}
        >
          <item.icon size={21} stroke={1.75} aria-hidden />
          {t(`item.${item.key}`)}
        </Link>
      ))}
      <button type="button" className={styles.item} onClick={onMore}>
        <IconMenu2 size={21} stroke={1.75} aria-hidden />
        {t('more')}
      </button>
    </nav>
  );
}
