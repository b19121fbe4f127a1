import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '@/api/problem';
import type { Job } from '@/api/types';
import { term } from '@/lib/i18n';
import { isLive } from '@/lib/jobs';
import { useProblemText } from '@/lib/problem-text';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useJobProgress } from '@/lib/use-live-job';
import { Tag } from '@/ui/color-badge';
import { FormError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { ProgressNote } from '@/ui/progress-note';
import { JOB_VERBS, type JobVerb, useJobAction } from './api';
import styles from './jobs.module.css';

const TONES: Record<string, 'good' | 'bad' | 'warn' | 'accent'> = {
  done: 'good',
  failed: 'bad',
  paused: 'warn',
  running: 'accent',
};

/** One job: what, since when, how far, what went wrong, and what can be asked of it. */
export function JobItem({ job }: { job: Job }) {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const describe = useProblemText();
  const progress = useJobProgress();
  const allowed = useCan('jobs.edit');
  const act = useJobAction(job);
  const name = term(t, 'job_kind', job.kind);
  const verbs: JobVerb[] = allowed ? JOB_VERBS.filter((verb) => job.can.includes(verb)) : [];
  return (
    <li className={styles.job}>
      <div className={styles.head}>
        <div className={styles.name}>
          <strong>
            <JobTitle job={job} name={name} />
          </strong>
          <Tag label={term(t, 'job_state', job.state)} tone={TONES[job.state]} />
        </div>
        <span className={styles.when}>{whenOf(job, format.instant, t)}</span>
      </div>
      {(isLive(job) || (job.state !== 'done' && job.done > 0)) && (
        <ProgressNote label={name} {...progress(job)} />
      )}
      {job.state === 'failed' && job.error && (
        <Note tone="bad" title={describe(new ProblemError({ status: 0, ...job.error }))}>
          {t('failed_hint')} <code className="mono">{job.id}</code>
        </Note>
      )}
      {job.state === 'done' && <Outcome job={job} />}
      <FormError error={act.error} />
      {verbs.length > 0 && (
        <div className={styles.actions}>
          {verbs.map((verb) => (
            <Button
              key={verb}
              size="xs"
              variant="default"
              loading={act.isPending && act.variables === verb}
              onClick={() => act.mutate(verb)}
            >
              {t(`verb.${verb}`)}
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}

function whenOf(
  job: Job,
  instant: (value: string) => string,
  t: (key: string, values: Record<string, string>) => string,
): string {
  if (job.finished_at) return t('finished', { at: instant(job.finished_at) });
  if (job.started_at) return t('started', { at: instant(job.started_at) });
  return t('created', { at: instant(job.created_at) });
}

/** The name leads to the import where the job belongs to one. */
function JobTitle({ job, name }: { job: Job; name: string }) {
  const id = job.output?.import_id;
  if (typeof id !== 'string') return name;
  return (
    <Link to="/imports/$id" params={{ id }}>
      {name}
    </Link>
  );
}

/** The figures a finished job left behind. */
function Outcome({ job }: { job: Job }) {
  const { t, i18n } = useTranslation('jobs');
  const format = useFormat();
  const figures = Object.entries<unknown>(job.output ?? {}).filter(
    (entry): entry is [string, number] =>
      typeof entry[1] === 'number' && i18n.exists(`jobs:output.${entry[0]}`),
  );
  if (figures.length === 0) return null;
  return (
    <p className={styles.outcome}>
      {figures.map(([key, value]) => (
        <span key={key}>
          {t('figure', {
            name: t(`output.${key}`),
            value: format.count(value),
          })}
        </span>
      ))}
    </p>
  );
}
