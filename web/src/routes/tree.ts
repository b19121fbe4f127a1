import { accountRoutes } from './account';
import { customerRoutes } from './customers';
import { homeRoutes } from './home';
import { appRoute, rootRoute } from './root';

/** Every address of the app. A feature adds one file here and one line below. */
export const routeTree = rootRoute.addChildren([
  ...accountRoutes,
  appRoute.addChildren([...homeRoutes, ...customerRoutes]),
]);
