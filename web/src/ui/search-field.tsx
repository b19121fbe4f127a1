import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isComposing } from '@/lib/hotkeys';
import styles from './search-field.module.css';

type Props = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  icon?: ReactNode;
  className?: string | undefined;
};

const WAIT_MS = 220;

/** A search field that reports a moment after typing stops, never in the middle of a composition. */
export function SearchField({ label, value, onChange, icon, className }: Props) {
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const timer = useRef<number | undefined>(undefined);
  const sent = useRef(value);

  // The address may change by other means, such as a chip or the back button.
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  function send(next: string, wait: number) {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      sent.current = next.trim();
      onChange(next.trim());
    }, wait);
  }

  return (
    <div className={`${styles.box} ${className ?? ''}`}>
      {icon}
      <input
        type="search"
        data-search
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          if (!composing.current) send(event.currentTarget.value, WAIT_MS);
        }}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          send(event.currentTarget.value, WAIT_MS);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !isComposing(event)) send(event.currentTarget.value, 0);
          if (event.key === 'Escape') {
            // The browser would empty the field; Escape only leaves it.
            event.preventDefault();
            event.currentTarget.blur();
          }
        }}
      />
    </div>
  );
}
