import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { settingsSearch } from '@/features/settings/search';
import { appRoute } from './root';

const settings = createRoute({
  getParentRoute: () => appRoute,
  path: '/settings',
  validateSearch: settingsSearch,
  component: lazyRouteComponent(
    () => import('@/features/settings/settings-screen'),
    'SettingsScreen',
  ),
});

export const settingsRoutes = [settings] as const;
