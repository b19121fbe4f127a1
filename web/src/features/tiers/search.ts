import { text } from '@/lib/search';

/** Reads the address of the ladder; a job is the grading after a publishing. */
export function tierSearch(search: Record<string, unknown>): { job?: string } {
  return { job: text(search.job) };
}
