import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { importSearch, newImportSearch } from '@/features/imports/search';
import { appRoute } from './root';

const imports = createRoute({
  getParentRoute: () => appRoute,
  path: '/imports',
  component: lazyRouteComponent(() => import('@/features/imports/imports-screen'), 'ImportsScreen'),
});

const newImport = createRoute({
  getParentRoute: () => appRoute,
  path: '/imports/new',
  validateSearch: newImportSearch,
  component: lazyRouteComponent(
    () => import('@/features/imports/new-import-screen'),
    'NewImportScreen',
  ),
});

const oneImport = createRoute({
  getParentRoute: () => appRoute,
  path: '/imports/$id',
  validateSearch: importSearch,
  component: lazyRouteComponent(() => import('@/features/imports/import-screen'), 'ImportScreen'),
});

export const importRoutes = [imports, newImport, oneImport] as const;
