import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from './root';

const rfm = createRoute({
  getParentRoute: () => appRoute,
  path: '/rfm',
  component: lazyRouteComponent(() => import('@/features/rfm/rfm-screen'), 'RfmScreen'),
});

export const rfmRoutes = [rfm] as const;
