import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { customerPageSearch, customerSearch } from '@/features/customers/search';
import { appRoute } from './root';

const customers = createRoute({
  getParentRoute: () => appRoute,
  path: '/customers',
  validateSearch: customerSearch,
  component: lazyRouteComponent(
    () => import('@/features/customers/customers-screen'),
    'CustomersScreen',
  ),
});

const customer = createRoute({
  getParentRoute: () => appRoute,
  path: '/customers/$id',
  validateSearch: customerPageSearch,
  component: lazyRouteComponent(
    () => import('@/features/customers/customer-screen'),
    'CustomerScreen',
  ),
});

export const customerRoutes = [customers, customer] as const;
