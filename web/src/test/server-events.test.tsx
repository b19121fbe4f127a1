import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useServerEvents } from '@/shell/use-server-events';

class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  closed = false;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.closed = true;
  }
}

const held = () => FakeSource.all.filter(({ closed }) => !closed);
const opened = () => held()[0]?.dispatchEvent(new Event('open'));

function turn(state: DocumentVisibilityState) {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
}

function listen() {
  const client = new QueryClient();
  const invalidate = vi.spyOn(client, 'invalidateQueries');
  const { unmount } = renderHook(useServerEvents, {
    wrapper: ({ children }) => (
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    ),
  });
  return { invalidate, unmount };
}

beforeEach(() => {
  FakeSource.all = [];
  vi.stubGlobal('EventSource', FakeSource);
  turn('visible');
});
afterEach(() => {
  vi.stubGlobal('EventSource', undefined);
  vi.restoreAllMocks();
});

it('holds no stream while hidden, and catches up when it is seen again', () => {
  const { invalidate } = listen();
  opened();
  expect(held().map(({ url }) => url)).toEqual(['/api/events']);
  expect(invalidate).not.toHaveBeenCalled();
  turn('hidden');
  expect(held()).toEqual([]);
  turn('visible');
  expect(held().length).toBe(1);
  // Not before the stream is open: what changes in between would be missed.
  expect(invalidate).not.toHaveBeenCalled();
  opened();
  expect(invalidate).toHaveBeenCalledExactlyOnceWith();
});

it('waits for a tab that was opened in the background, and does not trust what it loaded', () => {
  turn('hidden');
  const { invalidate } = listen();
  expect(held()).toEqual([]);
  turn('visible');
  opened();
  expect(invalidate).toHaveBeenCalledOnce();
});

it.each([
  ['the back button', window, 'pagehide', 'pageshow'],
  ['a frozen page', document, 'freeze', 'resume'],
])('lets go of the stream for %s', (_, target, away, back) => {
  listen();
  target.dispatchEvent(new Event(away));
  expect(held()).toEqual([]);
  target.dispatchEvent(new Event(back));
  target.dispatchEvent(new Event(back));
  expect(held().length).toBe(1);
});

it('catches up after a broken connection', () => {
  const { invalidate } = listen();
  opened();
  opened();
  expect(held().length).toBe(1);
  expect(invalidate).toHaveBeenCalledOnce();
});

it('reads again what a change is about', () => {
  const { invalidate } = listen();
  held()[0]?.dispatchEvent(new MessageEvent('change', { data: '{"nouns":["store"]}' }));
  expect(invalidate).toHaveBeenCalledOnce();
});

it('stops for good', () => {
  const { unmount } = listen();
  unmount();
  turn('hidden');
  turn('visible');
  expect(held()).toEqual([]);
});
