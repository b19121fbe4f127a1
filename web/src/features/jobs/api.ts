import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Job } from '@/api/types';
import { isLive, jobQuery, jobsQuery } from '@/lib/jobs';
import type { JobFilter } from './search';

const STATES: Record<JobFilter, string | undefined> = {
  all: undefined,
  live: 'queued,running,paused',
  failed: 'failed,cancelled',
  done: 'done',
};

const POLL_MS = 3000;

/** The newest jobs in some states; the unfiltered list is the one that events keep fresh. */
export function jobListQuery(filter: JobFilter) {
  const state = STATES[filter];
  return queryOptions({
    queryKey: state ? ['jobs', 'in', state] : jobsQuery.queryKey,
    queryFn: async () =>
      unwrap(
        await api.GET('/api/jobs', {
          params: { query: state ? { limit: 100, state } : { limit: 50 } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (data?.items.some(isLive) ? POLL_MS : false),
  });
}

export const JOB_VERBS = ['pause', 'resume', 'retry', 'cancel'] as const;
export type JobVerb = (typeof JOB_VERBS)[number];

/** Asks a job to pause, go on, start again or stop. */
export function useJobAction(job: Job) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (verb: JobVerb) =>
      unwrap(await api.POST('/api/jobs/{id}/{verb}', { params: { path: { id: job.id, verb } } })),
    onSuccess: (changed) => {
      client.setQueryData(jobQuery(changed.id).queryKey, changed);
      return client.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
}
