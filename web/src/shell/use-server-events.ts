import type { QueryClient } from '@tanstack/react-query';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Job } from '@/api/types';
import { isLive, jobQuery, jobsQuery } from '@/lib/jobs';

/** Queries whose first key is one of these are read again when a noun changes. */
const KEYS_OF_NOUN: Record<string, string[]> = {
  customer: ['customers', 'customer', 'lookup', 'duplicates'],
  order: ['customers', 'customer', 'orders', 'reports'],
  merge: ['customers', 'customer', 'duplicates', 'reports'],
  duplicate: ['duplicates'],
  import: ['imports', 'status'],
  grade: ['customers', 'customer', 'reports', 'grades'],
  tier_scheme: ['tier-scheme'],
  setting: ['settings', 'session'],
  user: ['users'],
  store: ['stores'],
  backup: ['backups'],
  view: ['views'],
};

/** Listens to the server's events and keeps the cache in step with them. */
export function useServerEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    if (typeof EventSource !== 'undefined') return listenWhileSeen(client);
  }, [client]);
}

/**
 * Holds the stream while the page is seen, and answers how to stop. A browser allows six
 * connections to a server: streams of hidden tabs, and of pages kept for the back button,
 * would use them up.
 */
function listenWhileSeen(client: QueryClient): () => void {
  const seen = () => document.visibilityState === 'visible';
  let source: EventSource | null = null;
  // Whether events may have been missed before the stream opens.
  let behind = !seen();

  function open() {
    source = new EventSource('/api/events');
    source.addEventListener('open', () => {
      if (behind) void client.invalidateQueries();
      behind = true;
    });
    source.addEventListener('job', (event) => onJob(client, JSON.parse(event.data) as Job));
    source.addEventListener('change', (event) => onChange(client, event));
  }
  function close() {
    source?.close();
    source = null;
  }
  function follow() {
    if (!seen()) close();
    else if (!source) open();
  }

  const listening = new AbortController();
  const { signal } = listening;
  for (const name of ['visibilitychange', 'resume']) {
    document.addEventListener(name, follow, { signal });
  }
  window.addEventListener('pageshow', follow, { signal });
  window.addEventListener('pagehide', close, { signal });
  document.addEventListener('freeze', close, { signal });
  follow();
  return () => {
    listening.abort();
    close();
  };
}

function onChange(client: QueryClient, event: MessageEvent<string>): void {
  const { nouns } = JSON.parse(event.data) as { nouns: string[] };
  const keys = new Set(nouns.flatMap((noun) => KEYS_OF_NOUN[noun] ?? [noun]));
  void client.invalidateQueries({ predicate: ({ queryKey }) => keys.has(String(queryKey[0])) });
}

function onJob(client: QueryClient, job: Job): void {
  client.setQueryData(jobQuery(job.id).queryKey, job);
  client.setQueryData(jobsQuery.queryKey, (list) => {
    if (!list) return list;
    const known = list.items.some((item) => item.id === job.id);
    const items = known
      ? list.items.map((item) => (item.id === job.id ? job : item))
      : [job, ...list.items];
    return { ...list, items };
  });
  // A finished job may have changed every figure on the screen.
  if (!isLive(job)) {
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'jobs' });
  }
}
