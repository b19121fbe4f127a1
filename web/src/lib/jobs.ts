import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Job } from '@/api/types';

/** The latest jobs; server-sent events keep the list fresh. */
export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: async () => unwrap(await api.GET('/api/jobs', { params: { query: { limit: 50 } } })),
  staleTime: 10_000,
});

/** One job; server-sent events keep it fresh. */
export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ['jobs', id],
    queryFn: async () => unwrap(await api.GET('/api/jobs/{id}', { params: { path: { id } } })),
  });
}

/** Whether a job still has something to do. */
export function isLive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running' || job.state === 'paused';
}

/** The finished part of a job between 0 and 1, where the total is known. */
export function jobShare(job: Job): number | null {
  if (!job.total) return null;
  return Math.min(1, job.done / job.total);
}
