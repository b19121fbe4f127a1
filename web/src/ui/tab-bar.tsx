import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import styles from './tab-bar.module.css';

type Props<T extends string> = {
  label: string;
  tabs: { key: T; label: string; count?: string }[];
  active: T;
  onChange: (key: T) => void;
  children: ReactNode;
};

/** Tabs above one panel; arrow keys walk through them. */
export function TabBar<T extends string>({ label, tabs, active, onChange, children }: Props<T>) {
  const id = useId();
  const bar = useRef<HTMLDivElement>(null);
  // More tabs than a phone is wide: the one that is open is in view, and the page stays.
  useEffect(() => {
    const tab = bar.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (bar.current && tab && active) {
      const end = tab.offsetLeft - bar.current.offsetLeft + tab.offsetWidth;
      bar.current.scrollLeft = Math.max(0, end - bar.current.clientWidth);
    }
  }, [active]);

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = tabs.findIndex((tab) => tab.key === active);
    const next = (at + step + tabs.length) % tabs.length;
    const tab = tabs[next];
    if (!tab) return;
    onChange(tab.key);
    bar.current?.querySelectorAll('button')[next]?.focus();
  }

  return (
    <>
      <div ref={bar} role="tablist" aria-label={label} className={styles.bar} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={tab.key === active}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === active ? 0 : -1}
            className={styles.tab}
            onClick={() => onChange(tab.key)}
          >
            {tab.label}
            {tab.count && <span className={styles.count}>{tab.count}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${active}`}>
        {children}
      </div>
    </>
  );
}
