import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '@/api/problem';

/** One cache for the whole app; old data stays visible while it is refreshed. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < 1 && !(error instanceof ProblemError && error.status >= 400 && error.status < 500),
    },
    mutations: { retry: false },
  },
});
