import { fireEvent, render } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { setSingleKeysOff, useHotkeys } from '@/lib/hotkeys';

function Keys({ run }: { run: (key: string) => void }) {
  useHotkeys({
    j: () => run('j'),
    'g c': () => run('g c'),
    'mod+k': () => run('mod+k'),
    c: () => run('c'),
  });
  return <input aria-label="field" />;
}

function press(target: Window | Element, init: KeyboardEventInit) {
  fireEvent(target, new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
}

it('runs keys and sequences', () => {
  const run = vi.fn();
  render(<Keys run={run} />);
  press(window, { key: 'j' });
  press(window, { key: 'g' });
  press(window, { key: 'c' });
  press(window, { key: 'c' });
  expect(run.mock.calls.flat()).toEqual(['j', 'g c', 'c']);
});

it('leaves letters to fields, but not the palette', () => {
  const run = vi.fn();
  const { getByLabelText } = render(<Keys run={run} />);
  press(getByLabelText('field'), { key: 'j' });
  press(getByLabelText('field'), { key: 'k', ctrlKey: true });
  expect(run.mock.calls.flat()).toEqual(['mod+k']);
});

it('ignores keys of an input method', () => {
  const run = vi.fn();
  render(<Keys run={run} />);
  press(window, { key: 'j', isComposing: true });
  expect(run).not.toHaveBeenCalled();
});

it('can be switched off for single letters', () => {
  const run = vi.fn();
  render(<Keys run={run} />);
  setSingleKeysOff(true);
  press(window, { key: 'j' });
  setSingleKeysOff(false);
  expect(run).not.toHaveBeenCalled();
});
