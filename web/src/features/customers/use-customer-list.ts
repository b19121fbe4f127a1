import {
  hashKey,
  keepPreviousData,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { customersQuery, startsQuery } from './api';
import type { Row } from './columns';
import type { CustomerSearch } from './search';

/** How many rows the server puts on a page. */
const PAGE = 100;
/** How many pages stay in memory on either side of those in view. */
const KEPT = 5;
/** What is known before the first page has come. */
const START = [''];

/**
 * The customers that match, however many: only the pages in view are read and kept fresh. Each
 * starts where the one before it ends, so nobody is left out or shown twice between the two.
 */
export function useCustomerList(search: CustomerSearch) {
  const client = useQueryClient();
  const [from, setFrom] = useState(0);
  const [to, setTo] = useState(0);
  const { data: starts = START } = useQuery(startsQuery(search));
  // The first page is always among them: it knows how many customers there are.
  const first = useQuery({ ...customersQuery(search), placeholderData: keepPreviousData });
  const inView = starts.map((start, page) => ({ start, page })).slice(Math.max(1, from), to + 1);
  const others = useQueries({ queries: inView.map(({ start }) => customersQuery(search, start)) });
  const pages = [
    { page: 0, data: first.data },
    ...inView.map(({ page }, at) => ({ page, data: others[at]?.data })),
  ];

  // Links the pages: what has changed in one may have moved the place where the next one starts.
  useEffect(() => {
    if (first.isPlaceholderData) return;
    const moved = pages.find(
      ({ page, data }) => data && (data.next ?? undefined) !== starts[page + 1],
    );
    if (!moved?.data) return;
    const { page, data } = moved;
    const known = starts[page + 1];
    if (data.next && known) {
      // The rows that stood there stay until those from the new place have come.
      const old = client.getQueryData(customersQuery(search, known).queryKey);
      client.setQueryData(customersQuery(search, data.next).queryKey, old, { updatedAt: 0 });
    }
    const after = data.next ? [data.next, ...starts.slice(page + 2)] : [];
    client.setQueryData(startsQuery(search).queryKey, [...starts.slice(0, page + 1), ...after]);
  });
  // Forgets the pages that are far away.
  useEffect(() => {
    client.removeQueries({
      queryKey: ['customers', 'list'],
      type: 'inactive',
      predicate: ({ queryKey, queryHash }) => {
        const start = String(queryKey[3]);
        const page = starts.indexOf(start);
        const ours = queryHash === hashKey(customersQuery(search, start).queryKey);
        return ours && (page < from - KEPT || page > to + KEPT);
      },
    });
  }, [client, search, starts, from, to]);

  const need = useCallback((firstRow: number, lastRow: number) => {
    setFrom(Math.floor(firstRow / PAGE));
    setTo(Math.floor(lastRow / PAGE));
  }, []);

  const final = pages.find(({ page }) => page === starts.length - 1);
  const rows = new Array<Row | undefined>(
    (starts.length - 1) * PAGE + (final?.data?.items.length ?? 0),
  );
  for (const { page, data } of pages) {
    data?.items.forEach((row, at) => {
      rows[page * PAGE + at] = row;
    });
  }
  return {
    first,
    rows,
    need,
    loading: others.some(({ isPending }) => isPending),
    failed: others.find(({ isError }) => isError),
  };
}
