import { IconLoader2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Job } from '@/api/types';
import { term } from '@/lib/i18n';
import { isLive, jobShare, jobsQuery } from '@/lib/jobs';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { Dropdown } from '@/ui/dropdown';
import { Meter } from '@/ui/meter';
import styles from './running-jobs.module.css';

/** The jobs at work now; hidden when there are none. */
export function RunningJobs() {
  const { t } = useTranslation('nav');
  const jobs = useQuery({ ...jobsQuery, enabled: useCan('jobs.see') });
  const live = (jobs.data?.items ?? []).filter(isLive);
  if (live.length === 0) return null;
  return (
    <Dropdown
      role="dialog"
      width={320}
      buttonClass={styles.button}
      button={
        <>
          <IconLoader2 size={17} className={styles.spin} aria-hidden />
          <span className={styles.count}>{t('jobs_running', { count: live.length })}</span>
          <span className={styles.short} aria-hidden>
            {live.length}
          </span>
        </>
      }
    >
      {() => (
        <ul className={styles.list}>
          {live.slice(0, 5).map((job) => (
            <JobLine key={job.id} job={job} />
          ))}
        </ul>
      )}
    </Dropdown>
  );
}

function JobLine({ job }: { job: Job }) {
  const { t } = useTranslation('nav');
  const format = useFormat();
  const share = jobShare(job);
  const name = term(t, 'job_kind', job.kind);
  return (
    <li>
      <div className={styles.line}>
        <strong>{name}</strong>
        <span>{job.state === 'running' ? null : term(t, 'job_state', job.state)}</span>
      </div>
      <Meter share={share} label={name} busy={job.state === 'running'} />
      <div className={styles.line}>
        <span>
          {job.total
            ? t('job_progress', { done: format.count(job.done), total: format.count(job.total) })
            : format.count(job.done)}
        </span>
        {typeof job.seconds_left === 'number' && (
          <span>{t('job_left', { time: format.duration(job.seconds_left) })}</span>
        )}
      </div>
    </li>
  );
}
