import type { ReactNode } from 'react';
import styles from './panel.module.css';

type Props = {
  title?: string;
  subtitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
};

/** A titled section on its own surface. */
export function Panel({ title, subtitle, actions, children, flush }: Props) {
  return (
    <section className={styles.panel} aria-label={title} data-flush={flush || undefined}>
      {title && (
        <header className={styles.head}>
          <div>
            <h2 className={styles.title}>{title}</h2>
            {subtitle && <p className={styles.subtitle}>{subtitle}</p>}
          </div>
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}
