import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Job } from '@/api/types';
import { term } from './i18n';
import { isLive, jobQuery, jobShare } from './jobs';
import { useFormat } from './use-format';

const POLL_MS = 2000;

/** A job that may still run: fed by events, and asked for where events do not come through. */
export function useLiveJob(id: string | null | undefined): Job | undefined {
  return useQuery({
    ...jobQuery(id ?? ''),
    enabled: Boolean(id),
    refetchInterval: ({ state }) => (state.data && !isLive(state.data) ? false : POLL_MS),
  }).data;
}

/** How far a job is, in words and as a share. */
export function useJobProgress() {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  return (job: Job) => {
    const notes: string[] = [];
    const phase = job.phase ? t(`phase.${job.phase}`, { defaultValue: '' }) : '';
    if (job.state !== 'running') notes.push(term(t, 'job_state', job.state));
    else if (phase) notes.push(phase);
    // Files are read by the byte; everything else is counted in things.
    const inBytes = job.phase === 'reading';
    const amount = inBytes ? format.bytes : format.count;
    if (job.total) {
      notes.push(t('progress.of', { done: amount(job.done), total: amount(job.total) }));
    } else if (job.done > 0) {
      notes.push(amount(job.done));
    }
    if (job.state === 'running') {
      if (job.rate_per_s && !inBytes) {
        notes.push(t('progress.rate', { rate: format.count(Math.round(job.rate_per_s)) }));
      }
      if (job.seconds_left !== null && job.seconds_left !== undefined) {
        notes.push(t('progress.left', { time: format.duration(job.seconds_left) }));
      }
    }
    const share = job.state === 'done' ? 1 : jobShare(job);
    return { notes, share, moving: job.state === 'running' || job.state === 'queued' };
  };
}
