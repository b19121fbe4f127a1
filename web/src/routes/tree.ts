import { accountRoutes } from './account';
import { customerRoutes } from './customers';
import { duplicateRoutes } from './duplicates';
import { homeRoutes } from './home';
import { importRoutes } from './imports';
import { jobRoutes } from './jobs';
import { rfmRoutes } from './rfm';
import { appRoute, rootRoute } from './root';
import { settingsRoutes } from './settings';
import { tierRoutes } from './tiers';

/** Every address of the app. A feature adds one file here and one line below. */
export const routeTree = rootRoute.addChildren([
  ...accountRoutes,
  appRoute.addChildren([
    ...homeRoutes,
    ...customerRoutes,
    ...rfmRoutes,
    ...tierRoutes,
    ...duplicateRoutes,
    ...importRoutes,
    ...jobRoutes,
    ...settingsRoutes,
  ]),
]);
