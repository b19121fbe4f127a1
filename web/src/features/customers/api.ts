import {
  infiniteQueryOptions,
  queryOptions,
  skipToken,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, unwrap, unwrapTagged } from '@/api/client';
import type { Api } from '@/api/types';
import { type CustomerSearch, FILTER_KEYS } from './search';

/** The part of an address that the server filters and sorts by. */
export function toQuery(search: CustomerSearch): CustomerSearch {
  const query: CustomerSearch = {};
  for (const key of ['q', 'sort', ...FILTER_KEYS] as const) {
    if (search[key]) query[key] = search[key];
  }
  return query;
}

/** A page of the list: a hundred customers after a place in it, or its first hundred. */
export function customersQuery(search: CustomerSearch, cursor = '') {
  const query = toQuery(search);
  return queryOptions({
    queryKey: ['customers', 'list', query, cursor],
    queryFn: async ({ signal }) =>
      unwrap(
        await api.GET('/api/customers', {
          params: { query: { ...query, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
  });
}

/** The places at which the pages of a list start, as far as they are known. */
export function startsQuery(search: CustomerSearch) {
  return queryOptions<string[]>({
    queryKey: ['customer-starts', toQuery(search)],
    queryFn: skipToken,
  });
}

/** One customer with the entity tag that an edit must send back. */
export function customerQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id],
    queryFn: async ({ signal }) =>
      unwrapTagged(await api.GET('/api/customers/{id}', { params: { path: { id } }, signal })),
  });
}

export function timelineQuery(id: string, kind: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['customer', id, 'timeline', kind ?? ''],
    queryFn: async ({ pageParam }) =>
      unwrap(
        await api.GET('/api/customers/{id}/timeline', {
          params: {
            path: { id },
            query: { ...(kind ? { kind } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function identitiesQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'identities'],
    queryFn: async () =>
      unwrap(await api.GET('/api/customers/{id}/identities', { params: { path: { id } } })),
  });
}

export function gradeHistoryQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'grades'],
    queryFn: async () =>
      unwrap(await api.GET('/api/customers/{id}/grade-history', { params: { path: { id } } })),
  });
}

export function orderQuery(id: string) {
  return queryOptions({
    queryKey: ['orders', id],
    queryFn: async () => unwrap(await api.GET('/api/orders/{id}', { params: { path: { id } } })),
  });
}

export const storesQuery = queryOptions({
  queryKey: ['stores'],
  queryFn: async () => unwrap(await api.GET('/api/stores')),
  staleTime: 5 * 60_000,
});

/** The chain's tiers, for filters and for names of codes. */
export const tiersQuery = queryOptions({
  queryKey: ['tier-scheme'],
  queryFn: async () => unwrap(await api.GET('/api/tier-scheme')),
  staleTime: 5 * 60_000,
});

export const viewsQuery = queryOptions({
  queryKey: ['views', 'customers'],
  queryFn: async () =>
    unwrap(await api.GET('/api/views', { params: { query: { screen: 'customers' } } })),
});

/** Reads everything about customers again after one has changed. */
export function useRefreshCustomers() {
  const client = useQueryClient();
  return () =>
    client.invalidateQueries({
      predicate: ({ queryKey }) =>
        ['customer', 'customers', 'lookup'].includes(String(queryKey[0])),
    });
}

/** The fields to set; the server leaves alone whatever is missing, which the schema cannot say. */
export type CustomerChanges = Partial<Api<'CustomerInput'>>;
type Edit = { etag: string; changes: CustomerChanges };

/** Changes a customer, unless somebody else did so since it was read. */
export function useEditCustomer(id: string) {
  const refresh = useRefreshCustomers();
  return useMutation({
    mutationFn: async ({ etag, changes }: Edit) =>
      unwrap(
        await api.PATCH('/api/customers/{id}', {
          params: { path: { id }, header: { 'If-Match': etag } },
          body: changes as Api<'CustomerInput'>,
        }),
      ),
    onSuccess: refresh,
  });
}

export function useCreateCustomer() {
  const refresh = useRefreshCustomers();
  return useMutation({
    mutationFn: async (body: CustomerChanges) =>
      unwrap(await api.POST('/api/customers', { body: body as Api<'CustomerInput'> })),
    onSuccess: refresh,
  });
}

/** Sets or ends a manual grade and a floor. */
export function useOverride(id: string) {
  const refresh = useRefreshCustomers();
  return useMutation({
    mutationFn: async ({ etag, body }: { etag: string; body: Api<'PutOverride'> }) =>
      unwrap(
        await api.PUT('/api/customers/{id}/override', {
          params: { path: { id }, header: { 'If-Match': etag } },
          body,
        }),
      ),
    onSuccess: refresh,
  });
}

/** To whom customers may be assigned. */
export const colleaguesQuery = queryOptions({
  queryKey: ['users', 'colleagues'],
  queryFn: async () => unwrap(await api.GET('/api/colleagues')),
});

/** Says who looks after a customer, over the version that was read. */
export function useAssign(id: string) {
  const refresh = useRefreshCustomers();
  return useMutation({
    mutationFn: async ({ etag, owner }: { etag: string; owner: string | null }) =>
      unwrap(
        await api.PUT('/api/customers/{id}/owner', {
          params: { path: { id }, header: { 'If-Match': etag } },
          body: { owner_id: owner },
        }),
      ),
    onSuccess: refresh,
  });
}

export function useUndoMerge() {
  const refresh = useRefreshCustomers();
  return useMutation({
    mutationFn: async (id: string) =>
      unwrap(await api.POST('/api/merges/{id}/undo', { params: { path: { id } } })),
    onSuccess: refresh,
  });
}

/** The address of a download of the customers that match. */
export function exportUrl(search: CustomerSearch, format: 'csv' | 'xlsx'): string {
  const query = new URLSearchParams({ format, ...toQuery(search) });
  return `/api/customers/export?${query}`;
}
