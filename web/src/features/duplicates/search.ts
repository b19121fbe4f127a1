import { text } from '@/lib/search';

/** Reads the address of the review queue. */
export function duplicateSearch(search: Record<string, unknown>): { pair?: string } {
  return { pair: text(search.pair) };
}
