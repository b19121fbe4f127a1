import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '@/api/problem';

/** A refusal stays one; a lost connection or a fault of the server may be over in a moment. */
function mayBeOver(error: unknown): boolean {
  return !(error instanceof ProblemError && error.status >= 400 && error.status < 500);
}

/**
 * One cache for the whole app; old data stays visible while it is refreshed. The server may
 * stand in the same shop: it is asked even where the browser believes itself offline.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      retry: (count, error) => count < 2 && mayBeOver(error),
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
