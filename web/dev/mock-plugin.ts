import type { Plugin } from 'vite';

/** Serves invented answers for the API so that screens can be looked at without the server. */
export function mockApi(): Plugin {
  return {
    name: 'clientele-mock',
    configureServer(server) {
      server.middlewares.use('/api', async (request, response) => {
        const { handle } = await server.ssrLoadModule('/dev/mock.ts');
        handle(request, response);
      });
    },
  };
}
