import { createRouter } from '@tanstack/react-router';
import { plainSearch } from '@/lib/search';
import { routeTree } from '@/routes/tree';
import { PageSkeleton } from '@/ui/skeleton';

/** The router; a screen's code is fetched when a link to it is pointed at. */
export const router = createRouter({
  routeTree,
  ...plainSearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultPendingComponent: PageSkeleton,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
