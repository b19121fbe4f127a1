import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tierSearch } from '@/features/tiers/search';
import { appRoute } from './root';

const tiers = createRoute({
  getParentRoute: () => appRoute,
  path: '/tiers',
  validateSearch: tierSearch,
  component: lazyRouteComponent(() => import('@/features/tiers/tiers-screen'), 'TiersScreen'),
});

const edit = createRoute({
  getParentRoute: () => appRoute,
  path: '/tiers/edit',
  component: lazyRouteComponent(() => import('@/features/tiers/edit-screen'), 'TierEditScreen'),
});

export const tierRoutes = [tiers, edit] as const;
