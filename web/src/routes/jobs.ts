import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { jobSearch } from '@/features/jobs/search';
import { appRoute } from './root';

const jobs = createRoute({
  getParentRoute: () => appRoute,
  path: '/jobs',
  validateSearch: jobSearch,
  component: lazyRouteComponent(() => import('@/features/jobs/jobs-screen'), 'JobsScreen'),
});

export const jobRoutes = [jobs] as const;
