import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { api, unwrap } from '@/api/client';
import { text } from '@/lib/search';
import { rootRoute } from './root';

const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('@/features/account/setup-screen'), 'SetupScreen'),
});

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } => ({ to: text(search.to) }),
  beforeLoad: async () => {
    const state = unwrap(await api.GET('/api/setup'));
    if (state.needs_setup) throw redirect({ to: '/setup' });
  },
  component: lazyRouteComponent(() => import('@/features/account/sign-in-screen'), 'SignInScreen'),
});

const join = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: lazyRouteComponent(() => import('@/features/account/join-screen'), 'JoinScreen'),
});

export const accountRoutes = [setup, signIn, join] as const;
