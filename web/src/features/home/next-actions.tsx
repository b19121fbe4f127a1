import {
  IconAlertTriangle,
  IconCircleCheck,
  IconDatabaseExport,
  IconHeartBroken,
  IconUsers,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { backupsQuery } from '@/lib/backups';
import { useMay } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { Panel } from '@/ui/panel';
import { openPairsQuery, statusQuery } from './api';
import styles from './home.module.css';

/** What waits for a person: likely duplicates, rejected rows, customers at risk. */
export function NextActions({ report }: { report: Api<'HomeReport'> }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const may = useMay();
  const pairs = useQuery({ ...openPairsQuery, enabled: may('duplicates.see') }).data ?? 0;
  const status = useQuery({ ...statusQuery, enabled: may('imports.see') }).data;
  const rejected = status?.rejected_rows ?? 0;
  const backups = useQuery({ ...backupsQuery, enabled: may('backups.see') }).data;
  const proof = backups ? proofOf(backups, Date.now()) : null;
  const proven = backups?.proven_at ? format.relative(backups.proven_at, Date.now()) : '';
  const risk = report.kpis.find((kpi) => kpi.key === 'at_risk')?.value ?? 0;
  const words = (key: string, count: number) => t(key, { count, number: format.count(count) });

  const actions: { key: string; icon: ReactNode; text: string; link: ReactNode }[] = [];
  if (risk > 0) {
    actions.push({
      key: 'risk',
      icon: <IconHeartBroken size={18} stroke={1.75} aria-hidden />,
      text: words('next.at_risk', risk),
      link: (
        <Link
          className={styles.open}
          to="/customers"
          search={{ rfm_group: 'at_risk,cannot_lose', sort: '-monetary' }}
          aria-label={t('next.open', { what: words('next.at_risk', risk) })}
        >
          {t('common:action.open')}
        </Link>
      ),
    });
  }
  if (pairs > 0) {
    actions.push({
      key: 'pairs',
      icon: <IconUsers size={18} stroke={1.75} aria-hidden />,
      text: words('next.duplicates', pairs),
      link: (
        <Link
          className={styles.open}
          to={'/duplicates' as string}
          aria-label={t('next.open', { what: words('next.duplicates', pairs) })}
        >
          {t('common:action.open')}
        </Link>
      ),
    });
  }
  if (rejected > 0) {
    actions.push({
      key: 'rejected',
      icon: <IconAlertTriangle size={18} stroke={1.75} aria-hidden />,
      text: words('next.rejected', rejected),
      link: (
        <Link
          className={styles.open}
          to={'/imports' as string}
          aria-label={t('next.open', { what: words('next.rejected', rejected) })}
        >
          {t('common:action.open')}
        </Link>
      ),
    });
  }
  if (proof === 'none' || proof === 'old') {
    const text = t(`next.backup_${proof}`, { when: proven });
    actions.push({
      key: 'backup',
      icon: <IconDatabaseExport size={18} stroke={1.75} aria-hidden />,
      text,
      link: (
        <Link
          className={styles.open}
          to="/settings"
          search={{ tab: 'backups' }}
          aria-label={t('next.open', { what: text })}
        >
          {t('common:action.open')}
        </Link>
      ),
    });
  }
  return (
    <Panel title={t('next.title')}>
      {actions.length === 0 ? (
        <p className={styles.quiet}>
          <IconCircleCheck size={18} aria-hidden />
          {t('next.none')}
        </p>
      ) : (
        <ul className={styles.actions}>
          {actions.map((action) => (
            <li key={action.key} className={styles.action}>
              {action.icon}
              <span>{action.text}</span>
              {action.link}
            </li>
          ))}
        </ul>
      )}
      {proof === 'good' && (
        <p className={styles.quiet}>
          <IconCircleCheck size={18} aria-hidden />
          {t('next.backup_good', { when: proven })}
        </p>
      )}
    </Panel>
  );
}

/** Whether a backup was shown to be good, and lately enough. */
function proofOf(backups: Api<'Backups'>, now: number): 'none' | 'old' | 'good' {
  if (!backups.proven_at) return 'none';
  const days = (now - Date.parse(backups.proven_at)) / 86_400_000;
  return days > backups.fresh_days + 1 ? 'old' : 'good';
}
