import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Logo } from '@/ui/logo';
import { LanguageButton, ThemeButton } from '@/ui/preference-buttons';
import styles from './account.module.css';

type Props = { title: string; hint?: ReactNode; children: ReactNode; wide?: boolean };

/** The frame of the screens before the sign-in. */
export function AccountFrame({ title, hint, children, wide }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.screen}>
      <header className={styles.top}>
        <span className={styles.brand}>
          <Logo />
          {t('app.name')}
        </span>
        <div className={styles.tools}>
          <LanguageButton />
          <ThemeButton />
        </div>
      </header>
      <main className={styles.main}>
        <div className={styles.card} data-wide={wide || undefined}>
          <h1 className={styles.title}>{title}</h1>
          {hint && <p className={styles.hint}>{hint}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}
