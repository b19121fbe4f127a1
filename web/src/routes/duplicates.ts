import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { duplicateSearch } from '@/features/duplicates/search';
import { appRoute } from './root';

const duplicates = createRoute({
  getParentRoute: () => appRoute,
  path: '/duplicates',
  validateSearch: duplicateSearch,
  component: lazyRouteComponent(
    () => import('@/features/duplicates/duplicates-screen'),
    'DuplicatesScreen',
  ),
});

export const duplicateRoutes = [duplicates] as const;
