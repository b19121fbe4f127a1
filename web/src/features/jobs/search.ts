import { oneOf } from '@/lib/search';

export const JOB_FILTERS = ['all', 'live', 'failed', 'done'] as const;
export type JobFilter = (typeof JOB_FILTERS)[number];

/** Reads the address of the job list. */
export function jobSearch(search: Record<string, unknown>): { show?: JobFilter } {
  return { show: oneOf(search.show, JOB_FILTERS) };
}
