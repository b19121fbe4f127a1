import { useEffect, useRef } from 'react';

const OFF_KEY = 'clientele-hotkeys-off';

/** True while an input method composes; its keys must not trigger anything. */
export function isComposing(event: KeyboardEvent | React.KeyboardEvent): boolean {
  const native = 'nativeEvent' in event ? event.nativeEvent : event;
  return native.isComposing || native.keyCode === 229;
}

/** True when the key goes into a text field or another control that uses letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Whether the person switched off single-letter keys on this device. */
export function singleKeysOff(): boolean {
  return localStorage.getItem(OFF_KEY) === '1';
}

/** Switches single-letter keys on this device. */
export function setSingleKeysOff(off: boolean): void {
  localStorage.setItem(OFF_KEY, off ? '1' : '0');
}

export type Hotkeys = Record<string, (event: KeyboardEvent) => void>;

/**
 * Binds keys while the component is shown. Keys are named by `event.key`, in lower case for
 * letters; `mod+k` means Ctrl or ⌘; `g t` is a sequence. Nothing fires in fields (except
 * `mod+…`), during composition, or behind an open dialog.
 */
export function useHotkeys(bindings: Hotkeys): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    let first: string | null = null;
    let timer: number | undefined;
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || isComposing(event) || event.altKey) return;
      const mod = event.ctrlKey || event.metaKey;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (mod) {
        const run = latest.current[`mod+${key}`];
        if (run) {
          event.preventDefault();
          run(event);
        }
        return;
      }
      if (isTyping(event.target) || document.querySelector('[aria-modal="true"]')) return;
      if (key.length === 1 && key !== ' ' && singleKeysOff()) return;
      const sequence = first ? `${first} ${key}` : null;
      const run = (sequence && latest.current[sequence]) ?? latest.current[key];
      first = null;
      window.clearTimeout(timer);
      if (run) {
        event.preventDefault();
        run(event);
      } else if (Object.keys(latest.current).some((name) => name.startsWith(`${key} `))) {
        first = key;
        timer = window.setTimeout(() => {
          first = null;
        }, 1200);
      }
    }
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.clearTimeout(timer);
    };
  }, []);
}
