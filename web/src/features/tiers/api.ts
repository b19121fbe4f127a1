import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, unwrapTagged } from '@/api/client';
import type { Api } from '@/api/types';

export type Scheme = Api<'Scheme'>;
export type Level = Api<'Level'>;
export type Weight = Api<'Weight'>;
export type Rule = Api<'Rule'>;
export type TierSchemes = Api<'TierSchemes'>;
export type Simulation = Api<'Simulation'>;

/** The scheme in force and the draft, with the tag that an edit of the draft must name. */
export const schemesQuery = queryOptions({
  queryKey: ['tier-scheme'],
  queryFn: async () => unwrapTagged(await api.GET('/api/tier-scheme')),
});

/** How many customers have each level, and what they bring. */
export const tierSharesQuery = queryOptions({
  queryKey: ['reports', 'distribution'],
  queryFn: async () => unwrap(await api.GET('/api/reports/distribution')),
});

/** Saves the draft over the edit it was read at. */
export function useSaveDraft() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ scheme, etag }: { scheme: Scheme; etag: string }) =>
      unwrapTagged(
        await api.PUT('/api/tier-scheme/draft', {
          params: { header: { 'If-Match': etag } },
          body: scheme,
        }),
      ),
    onSuccess: (saved) => client.setQueryData(schemesQuery.queryKey, saved),
  });
}

/** Throws the draft away. */
export function useDiscardDraft() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => unwrap(await api.DELETE('/api/tier-scheme/draft', {})),
    onSuccess: () => client.invalidateQueries({ queryKey: schemesQuery.queryKey }),
  });
}

/** Tells who would move if the draft were published now. */
export function useSimulate() {
  return useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/tier-scheme/draft/simulate', {})),
  });
}

/** Puts the draft in force; the answer is the grading that follows. */
export function usePublish() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/tier-scheme/draft/publish', {})),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: schemesQuery.queryKey });
      void client.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
}
