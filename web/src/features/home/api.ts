import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';

export const homeQuery = queryOptions({
  queryKey: ['reports', 'home'],
  queryFn: async () => unwrap(await api.GET('/api/reports/home')),
});

export const monthlyQuery = queryOptions({
  queryKey: ['reports', 'monthly'],
  queryFn: async () => unwrap(await api.GET('/api/reports/monthly')),
});

export const rfmQuery = queryOptions({
  queryKey: ['reports', 'rfm'],
  queryFn: async () => unwrap(await api.GET('/api/reports/rfm')),
});

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: async () => unwrap(await api.GET('/api/status')),
});

/** How many likely pairs wait; one item is enough to learn the total. */
export const openPairsQuery = queryOptions({
  queryKey: ['duplicates', 'count'],
  queryFn: async () => {
    const list = unwrap(
      await api.GET('/api/duplicates', { params: { query: { state: 'open', limit: 1 } } }),
    );
    return list.total.count;
  },
});
