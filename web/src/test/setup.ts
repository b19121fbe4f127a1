import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeAll, vi } from 'vitest';

// The test page has no layout; long lists need a height to know what to draw.
beforeAll(() => {
  for (const side of ['offsetHeight', 'clientHeight'] as const) {
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, value: 800 });
  }
  for (const side of ['offsetWidth', 'clientWidth'] as const) {
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, value: 1200 });
  }
  vi.stubGlobal('EventSource', undefined);
});

// A busy machine may need seconds for what takes a moment elsewhere.
configure({ asyncUtilTimeout: 15_000 });
afterEach(cleanup);
