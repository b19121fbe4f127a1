import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './skeleton.module.css';

/** A grey bar where text will be. */
export function Bar({ width = '100%', height = 14 }: { width?: string | number; height?: number }) {
  return <span className={styles.bar} style={{ inlineSize: width, blockSize: height }} />;
}

/** Shows its content only after 150 ms, so that quick answers never flash. */
export function Delayed({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), 150);
    return () => window.clearTimeout(timer);
  }, []);
  return shown ? children : null;
}

/** The outline of a block that is loading. */
export function BlockSkeleton({ lines = 4, height }: { lines?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <div className={styles.block} role="status" aria-busy="true" style={{ minBlockSize: height }}>
      <span className="visually-hidden">{t('state.loading')}</span>
      <Delayed>
        {Array.from({ length: lines }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike
          <Bar key={line} width={line === 0 ? '40%' : `${90 - ((line * 13) % 30)}%`} />
        ))}
      </Delayed>
    </div>
  );
}

/** The outline of a whole screen that is loading. */
export function PageSkeleton() {
  return (
    <div className={styles.page}>
      <BlockSkeleton lines={2} />
      <div className={styles.card}>
        <BlockSkeleton lines={6} />
      </div>
    </div>
  );
}
