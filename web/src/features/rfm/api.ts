import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Api } from '@/api/types';

export type RfmReport = Api<'RfmReport'>;
export type Distribution = Api<'DistributionReport'>;

/** Customers by recency and frequency, and by named group. */
export const rfmQuery = queryOptions({
  queryKey: ['reports', 'rfm'],
  queryFn: async () => unwrap(await api.GET('/api/reports/rfm')),
});

/** Customers by ABC class and stage of life. */
export const distributionQuery = queryOptions({
  queryKey: ['reports', 'distribution'],
  queryFn: async () => unwrap(await api.GET('/api/reports/distribution')),
});

/** Grades every customer, as of today unless a date is given. */
export function useRunGrading() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (as_of: string) =>
      unwrap(await api.POST('/api/grades/run', { body: as_of ? { as_of } : {} })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}
