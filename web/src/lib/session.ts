import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Session } from '@/api/types';

/** Who is signed in, in which chain, and what they may do. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => unwrap(await api.GET('/api/session')),
  staleTime: 5 * 60_000,
  retry: false,
});

/** The session where one may be missing, as on the sign-in screen. */
export function useMaybeSession(): Session | undefined {
  return useQuery({ ...sessionQuery, enabled: false }).data;
}

/** The session inside the app, where the route has already loaded it. */
export function useSession(): Session {
  const session = useMaybeSession();
  if (!session) throw new Error('The app routes load the session first.');
  return session;
}

/** Whether the signed-in person has a permission; the server decides, the screen only hides. */
export function useCan(permission: string): boolean {
  const permissions = useMaybeSession()?.permissions ?? [];
  return permissions.includes('*') || permissions.includes(permission);
}
