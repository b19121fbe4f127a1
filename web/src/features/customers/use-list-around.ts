import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Api } from '@/api/types';
import type { CustomerSearch } from './search';

type Around = { search: CustomerSearch; previous?: string | undefined; next?: string | undefined };

/** The list a customer was opened from, while it is in memory, and who stands before and after. */
export function useListAround(id: string): Around {
  const client = useQueryClient();
  return useMemo(() => {
    const lists = client
      .getQueryCache()
      .findAll({ queryKey: ['customers', 'list'] })
      .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
    for (const list of lists) {
      const data = list.state.data as InfiniteData<{ items: Api<'CustomerRow'>[] }> | undefined;
      const ids = data?.pages.flatMap((page) => page.items.map((row) => row.id)) ?? [];
      const at = ids.indexOf(id);
      if (at < 0) continue;
      return {
        search: list.queryKey[2] as CustomerSearch,
        previous: ids[at - 1],
        next: ids[at + 1],
      };
    }
    return { search: {} };
  }, [client, id]);
}
