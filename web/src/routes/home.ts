import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { queryClient } from '@/lib/query';
import { mayIn, sessionQuery } from '@/lib/session';
import { appRoute } from './root';

const home = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  // Whose work knows no figures begins with customers, and without those with the settings.
  beforeLoad: () => {
    const may = mayIn(queryClient.getQueryData(sessionQuery.queryKey));
    if (may('reports.see')) return;
    throw redirect({ to: may('customers.see') ? '/customers' : '/settings', replace: true });
  },
  component: lazyRouteComponent(() => import('@/features/home/home-screen'), 'HomeScreen'),
});

export const homeRoutes = [home] as const;
