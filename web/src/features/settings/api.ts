import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, unwrapTagged } from '@/api/client';
import type { Api } from '@/api/types';

export type Settings = Api<'Settings'>;
export type Rate = Api<'Rate'>;
export type Token = Api<'ApiToken'>;
export type System = Api<'System'>;

/** The chain's own choices, with the tag an edit must name. */
export const settingsQuery = queryOptions({
  queryKey: ['settings', 'chain'],
  queryFn: async () => unwrapTagged(await api.GET('/api/settings')),
});

/** The exchange rates by currency and first day, with the tag an edit must name. */
export const ratesQuery = queryOptions({
  queryKey: ['settings', 'rates'],
  queryFn: async () => unwrapTagged(await api.GET('/api/exchange-rates')),
});

/** The API tokens of the signed-in person. */
export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async () => unwrap(await api.GET('/api/tokens')),
});

/** How the program is doing, looked at again every few seconds. */
export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: async () => unwrap(await api.GET('/api/system')),
  refetchInterval: 5000,
});

/** Saves settings over the version they were read at. */
export function useSaveSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ change, etag }: { change: Partial<Settings>; etag: string }) =>
      unwrapTagged(
        await api.PATCH('/api/settings', {
          params: { header: { 'If-Match': etag } },
          // The server leaves alone whatever is missing, which the schema cannot say.
          body: change as Settings,
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      void client.invalidateQueries({ queryKey: ['session'] });
      void client.invalidateQueries({ queryKey: ['reports'] });
    },
  });
}

/** Replaces all exchange rates over the version they were read at. */
export function useSaveRates() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ rates, etag }: { rates: Rate[]; etag: string }) =>
      unwrapTagged(
        await api.PUT('/api/exchange-rates', {
          params: { header: { 'If-Match': etag } },
          body: rates,
        }),
      ),
    onSuccess: (saved) => client.setQueryData(ratesQuery.queryKey, saved),
    // What is on screen stays; what others saved is there when it is given up.
    onError: () => client.invalidateQueries({ queryKey: ratesQuery.queryKey }),
  });
}

/** The browsers in which one is signed in. */
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => unwrap(await api.GET('/api/sessions')),
});

/** Ends one of one's own sessions at once. */
export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) =>
      unwrap(await api.DELETE('/api/sessions/{id}', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

/** Creates a token; its secret is in this answer only. */
export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Api<'CreateToken'>) => unwrap(await api.POST('/api/tokens', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

/** Makes a token useless at once. */
export function useDeleteToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) =>
      unwrap(await api.DELETE('/api/tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

/** How one's own second factor stands. */
export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: async () => unwrap(await api.GET('/api/session/second-factor')),
});

/** Changes one's own password, which signs one out everywhere else. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Api<'ChangePassword'>) =>
      unwrap(await api.POST('/api/session/password', { body })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      void client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
}

/** Makes a secret for an app; it counts from the app's first code on. */
export function useBeginSecondFactor() {
  return useMutation({
    mutationFn: async (password: string) =>
      unwrap(await api.POST('/api/session/second-factor', { body: { password } })),
  });
}

/** Turns one's own second factor on; the recovery codes are in this answer only. */
export function useConfirmSecondFactor() {
  const changed = useSecondFactorChanged();
  return useMutation({
    mutationFn: async (code: string) =>
      unwrap(await api.POST('/api/session/second-factor/confirm', { body: { code } })),
    onSuccess: changed,
  });
}

/** Turns one's own second factor off. */
export function useTurnOffSecondFactor() {
  const changed = useSecondFactorChanged();
  return useMutation({
    mutationFn: async (password: string) =>
      unwrap(await api.POST('/api/session/second-factor/off', { body: { password } })),
    onSuccess: changed,
  });
}

/** Makes recovery codes in place of the old ones; they are in this answer only. */
export function useMakeRecoveryCodes() {
  const changed = useSecondFactorChanged();
  return useMutation({
    mutationFn: async (password: string) =>
      unwrap(await api.POST('/api/session/recovery-codes', { body: { password } })),
    onSuccess: changed,
  });
}

function useSecondFactorChanged() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
    void client.invalidateQueries({ queryKey: ['users'] });
  };
}
