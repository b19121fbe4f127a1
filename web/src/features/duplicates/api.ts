import {
  type InfiniteData,
  infiniteQueryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Api } from '@/api/types';

export type Pair = Api<'DuplicatePair'>;
export type Person = Api<'PersonCard'>;
export type Evidence = Api<'FieldEvidence'>;

async function readPage(cursor: string) {
  const query = { state: 'open' as const, limit: 50, ...(cursor ? { cursor } : {}) };
  return unwrap(await api.GET('/api/duplicates', { params: { query } }));
}

type PairPage = Awaited<ReturnType<typeof readPage>>;

/** Pairs that wait for a decision, the likeliest first. */
export const pairsQuery = infiniteQueryOptions({
  queryKey: ['duplicates', 'open'],
  queryFn: ({ pageParam }) => readPage(pageParam),
  initialPageParam: '',
  getNextPageParam: (page) => page.next ?? undefined,
});

/** How likely the two are one person, as a share; never certain, so never rounded to 1. */
export const likelihood = (pair: Pair) => Math.min(pair.probability, 0.999);

/** Takes a decided pair out of the list at once; the server has already confirmed it. */
function withoutPair<P>(data: InfiniteData<PairPage, P> | undefined, id: string) {
  if (!data) return data;
  const pages = data.pages.map((page) => ({
    ...page,
    total: { ...page.total, count: Math.max(0, page.total.count - 1) },
    items: page.items.filter((pair) => pair.id !== id),
  }));
  return { ...data, pages };
}

/** Makes one customer of the two; the answer names the merge, which can be undone. */
export function useMerge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, winner_id }: { id: string; winner_id: string }) =>
      unwrap(
        await api.POST('/api/duplicates/{id}/merge', {
          params: { path: { id } },
          body: { winner_id },
        }),
      ),
    onSuccess: (_, { id }) => {
      client.setQueryData(pairsQuery.queryKey, (data) => withoutPair(data, id));
      void client.invalidateQueries({ queryKey: ['customers'] });
    },
  });
}

/** Says that the two are different people; the pair is not shown again. */
export function useDismiss() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) =>
      unwrap(await api.POST('/api/duplicates/{id}/dismiss', { params: { path: { id } } })),
    onSuccess: (_, id) => {
      client.setQueryData(pairsQuery.queryKey, (data) => withoutPair(data, id));
    },
  });
}

/** Takes a merge apart again. */
export function useUndoMerge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) =>
      unwrap(await api.POST('/api/merges/{id}/undo', { params: { path: { id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['duplicates'] });
      void client.invalidateQueries({ queryKey: ['customers'] });
    },
  });
}

/** Starts a search for likely pairs. */
export function useScan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/duplicates/scan', {})),
    onSuccess: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}
