import { createRootRoute, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { api, unwrap } from '@/api/client';
import { isSignedOut } from '@/api/problem';
import { currentLanguage, setLanguage, toLanguage } from '@/lib/i18n';
import { queryClient } from '@/lib/query';
import { sessionQuery } from '@/lib/session';
import { AppShell } from '@/shell/app-shell';
import { RouteError } from '@/ui/route-error';
import { NotFound } from '@/ui/states';

export const rootRoute = createRootRoute({
  component: Outlet,
  errorComponent: RouteError,
  notFoundComponent: NotFound,
});

/** The parent of every screen behind the sign-in: loads the session and draws the shell. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: async ({ location }) => {
    try {
      const session = await queryClient.ensureQueryData(sessionQuery);
      const language = toLanguage(session.user.language);
      if (language !== currentLanguage()) await setLanguage(language);
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      const setup = unwrap(await api.GET('/api/setup'));
      if (setup.needs_setup) throw redirect({ to: '/setup' });
      throw redirect({ to: '/sign-in', search: { to: location.href } });
    }
  },
  component: AppShell,
  errorComponent: RouteError,
});
