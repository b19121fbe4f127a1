import { renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { useOnce } from '@/lib/use-once';

it('lets the second press of a double click do nothing until the first has ended', () => {
  const act = vi.fn();
  const { result, rerender } = renderHook(({ busy }) => useOnce(busy), {
    initialProps: { busy: false },
  });
  result.current(act);
  result.current(act);
  rerender({ busy: true });
  result.current(act);
  expect(act).toHaveBeenCalledTimes(1);
  rerender({ busy: false });
  result.current(act);
  expect(act).toHaveBeenCalledTimes(2);
});
