import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { Panel } from '@/ui/panel';
import { StatCard } from '@/ui/stat-card';
import type { Import } from './api';
import styles from './imports.module.css';

/** Rows by what became of them. */
export function Counts({ one }: { one: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const { rows } = one;
  return (
    <div className={styles.counts}>
      <StatCard label={t('count.new')} value={format.count(rows.new)} />
      <StatCard label={t('count.updated')} value={format.count(rows.updated)} />
      <StatCard label={t('count.unchanged')} value={format.count(rows.unchanged)} />
      <StatCard
        label={t('count.rejected')}
        value={
          rows.rejected > 0 ? (
            <span className={styles.wrong}>{format.count(rows.rejected)}</span>
          ) : (
            format.count(0)
          )
        }
      />
    </div>
  );
}

/** The counts by noun that the server gave, largest meaning first. */
export function NounCounts({ one }: { one: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  // Rows have their own cards above; here are the things they are about.
  const entries = Object.entries(one.summary).filter(
    (entry): entry is [string, number] =>
      typeof entry[1] === 'number' && entry[1] > 0 && !entry[0].startsWith('rows_'),
  );
  const unread = Object.entries(one.summary.unread ?? {});
  if (entries.length + unread.length === 0) return null;
  const title =
    one.state === 'undone'
      ? t('summary.title_undone')
      : one.dry_run
        ? t('summary.title_dry')
        : t('summary.title');
  return (
    <Panel title={title}>
      <dl className={styles.facts}>
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{t(`summary.${key}`, { defaultValue: key })}</dt>
            <dd>{format.count(value)}</dd>
          </div>
        ))}
        {unread.map(([field, cells]) => (
          <div key={field}>
            <dt>{t('summary.unread', { field: t(`field.${field}`, { defaultValue: field }) })}</dt>
            <dd>{format.count(cells)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
