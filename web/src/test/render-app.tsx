import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import i18next from 'i18next';
import { vi } from 'vitest';
import { type Language, setLanguage, startI18n } from '@/lib/i18n';
import { queryClient } from '@/lib/query';
import { plainSearch } from '@/lib/search';
import { routeTree } from '@/routes/tree';
import { answer } from '../../dev/mock';

export type Sent = { method: string; path: string; headers: Headers; body: unknown };
type Reply = { status?: number; body: unknown; etag?: string; requestId?: string };

/** Answers by the mock, except where a test says otherwise; remembers what was sent. */
function serve(special: (sent: Sent) => Reply | undefined): Sent[] {
  const log: Sent[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url);
    const path = url.pathname.replace(/^\/api/, '');
    const text = request.method === 'GET' ? '' : await request.text();
    const sent = {
      method: request.method,
      path: path + url.search,
      headers: request.headers,
      body: text ? (JSON.parse(text) as unknown) : null,
    };
    log.push(sent);
    const reply: Reply = special(sent) ?? answer(request.method, path, url.searchParams);
    const status = reply.status ?? 200;
    return new Response(JSON.stringify(reply.body), {
      status,
      headers: {
        'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
        ...(reply.etag ? { ETag: reply.etag } : {}),
        ...(reply.requestId ? { 'X-Request-Id': reply.requestId } : {}),
      },
    });
  });
  return log;
}

/** Draws the whole app at an address, against invented answers. */
export async function renderApp(
  address: string,
  special: (sent: Sent) => Reply | undefined = () => undefined,
  language: Language = 'en',
): Promise<{ log: Sent[]; router: { state: { location: { href: string } } } }> {
  queryClient.clear();
  const log = serve(special);
  answer('GET', '/mock', new URLSearchParams({ language }));
  if (i18next.isInitialized) await setLanguage(language);
  else await startI18n(language);
  const router = createRouter({
    routeTree,
    ...plainSearch,
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { log, router };
}
