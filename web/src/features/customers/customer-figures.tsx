import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { StatCard } from '@/ui/stat-card';
import styles from './customer.module.css';

/** What the customer is worth, in five figures. */
export function CustomerFigures({ grade }: { grade: Api<'Grade'> }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const date = { date: format.day(grade.as_of) };
  const recency = grade.recency_days;
  return (
    <div className={styles.figures}>
      <StatCard
        label={t('figure.monetary')}
        value={format.money(grade.monetary)}
        note={t('figure.as_of', date)}
      />
      <StatCard
        label={t('figure.frequency')}
        value={format.count(grade.frequency)}
        note={
          grade.interval_days
            ? t('figure.interval', { days: format.days(grade.interval_days) })
            : null
        }
      />
      <StatCard
        label={t('figure.last_order')}
        value={typeof recency === 'number' ? format.days(recency) : '–'}
        note={grade.last_order && format.day(grade.last_order)}
      />
      <StatCard
        label={t('figure.average_basket')}
        value={grade.average_basket ? format.money(grade.average_basket) : '–'}
        note={
          typeof grade.refund_rate === 'number'
            ? t('figure.refund_rate', { rate: format.percent(grade.refund_rate) })
            : null
        }
      />
      <StatCard
        label={t('figure.lifetime')}
        value={format.money(grade.lifetime_net)}
        note={t('figure.lifetime_orders', {
          count: grade.lifetime_orders,
          number: format.count(grade.lifetime_orders),
        })}
      />
    </div>
  );
}
