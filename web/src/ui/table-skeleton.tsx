import { useTranslation } from 'react-i18next';
import { Bar, Delayed } from './skeleton';
import styles from './table-skeleton.module.css';

const ROWS = Array.from({ length: 14 }, (_, index) => index);

/** The outline of a list that is loading. */
export function TableSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={styles.box} role="status">
      <span className="visually-hidden">{t('state.loading')}</span>
      <Delayed>
        {ROWS.map((row) => (
          <div key={row} className={styles.row}>
            <Bar width={`${14 + ((row * 7) % 9)}%`} />
            <Bar width="12%" />
            <Bar width="8%" />
            <Bar width="11%" />
          </div>
        ))}
      </Delayed>
    </div>
  );
}
