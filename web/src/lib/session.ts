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

/** Tells which permissions somebody has; the server decides, the screen only hides. */
export function mayIn(session: Session | undefined): (permission: string) => boolean {
  const permissions = session?.permissions ?? [];
  return (permission) => permissions.includes('*') || permissions.includes(permission);
}

/** Tells which permissions the signed-in person has. */
export function useMay(): (permission: string) => boolean {
  return mayIn(useMaybeSession());
}

/** Whether the signed-in person has a permission. */
export function useCan(permission: string): boolean {
  return useMay()(permission);
}
