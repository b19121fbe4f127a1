import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { customersQuery, startsQuery } from './api';
import type { CustomerSearch } from './search';

type Around = { search: CustomerSearch; previous?: string | undefined; next?: string | undefined };

/** The list a customer was opened from, while it is in memory, and who stands before and after. */
export function useListAround(id: string): Around {
  const client = useQueryClient();
  return useMemo(() => {
    const pages = client
      .getQueryCache()
      .findAll({ queryKey: ['customers', 'list'] })
      .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
    for (const { queryKey } of pages) {
      const [search, start] = queryKey.slice(2) as [CustomerSearch, string];
      const starts = client.getQueryData(startsQuery(search).queryKey) ?? [];
      const page = starts.indexOf(start);
      const ids = starts
        .slice(Math.max(0, page - 1), page + 2)
        .flatMap((near) => client.getQueryData(customersQuery(search, near).queryKey)?.items ?? [])
        .map((row) => row.id);
      const at = ids.indexOf(id);
      if (at >= 0) return { search, previous: ids[at - 1], next: ids[at + 1] };
    }
    return { search: {} };
  }, [client, id]);
}
