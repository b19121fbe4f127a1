import { createRouter } from '@tanstack/react-router';
import { routeTree } from '@/routes/tree';
import { PageSkeleton } from '@/ui/skeleton';

/** The router; a screen's code is fetched when a link to it is pointed at. */
export const router = createRouter({
  routeTree,
  // Plain addresses: ?tier=gold&r=5, every value a text.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString();
    return text ? `?${text.replaceAll('%2C', ',')}` : '';
  },
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
