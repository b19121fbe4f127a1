import type { ReactNode } from 'react';
import { useEffect } from 'react';
import styles from './page.module.css';

type Props = {
  title: string;
  subtitle?: ReactNode;
  back?: ReactNode;
  /** A picture before the title. */
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** The content scrolls by itself (a long table), not the page. */
  fill?: boolean;
};

/** A screen: its heading, its actions and its content. */
export function Page({ title, subtitle, back, lead, actions, children, fill }: Props) {
  useEffect(() => {
    document.title = `${title} · Clientele 熟客`;
  }, [title]);
  return (
    <div className={styles.page} data-fill={fill || undefined} data-lead={lead ? true : undefined}>
      {back && <div className={styles.back}>{back}</div>}
      <header className={styles.head}>
        {lead}
        <div className={styles.titles}>
          <h1 className={styles.title}>{title}</h1>
          {subtitle && <div className={styles.subtitle}>{subtitle}</div>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
