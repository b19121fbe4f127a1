import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import styles from './dropdown.module.css';

type Props = {
  /** What the button shows (with a text, if hidden), and its class. */
  button: ReactNode;
  buttonClass?: string | undefined;
  /** The name of what opens. */
  label?: string;
  /** A menu has items that arrow keys walk through; a panel is plain content. */
  role: 'menu' | 'dialog';
  width?: number;
  align?: 'start' | 'end';
  className?: string | undefined;
  children: (close: () => void) => ReactNode;
};

/** A small drop-down at the end edge of its button, light enough for the frame of every screen. */
export function Dropdown({
  button,
  buttonClass,
  label,
  role,
  width,
  align,
  className,
  children,
}: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const items = () => box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [];
    items()[0]?.focus();
    function onPointer(event: PointerEvent) {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    }
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [open]);

  function close() {
    setOpen(false);
    box.current?.querySelector('button')?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!open) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
      return;
    }
    if (role !== 'menu' || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step = event.key === 'ArrowDown' ? 1 : -1;
    items[(at + step + items.length) % items.length]?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: closes what is inside with Escape
    <div
      ref={box}
      className={`${styles.box} ${className ?? ''}`}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) {
          setOpen(false);
        }
      }}
    >
      <button
        type="button"
        className={buttonClass}
        aria-haspopup={role}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a name
        <div
          id={id}
          role={role}
          // A click on a label or on plain text keeps the focus in here.
          tabIndex={-1}
          aria-label={label}
          className={styles.panel}
          data-align={align ?? 'end'}
          style={{ inlineSize: width ?? 220 }}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}

type ItemProps = { icon?: ReactNode; children: ReactNode; onClick: () => void };

/** One entry of a drop-down menu. */
export function DropdownItem({ icon, children, onClick }: ItemProps) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} className={styles.item} onClick={onClick}>
      {icon}
      {children}
    </button>
  );
}

type LinkProps = { href: string; children: ReactNode; onClick: () => void };

/** An entry of a drop-down menu that downloads something. */
export function DropdownLink({ href, children, onClick }: LinkProps) {
  return (
    <a href={href} download role="menuitem" tabIndex={-1} className={styles.item} onClick={onClick}>
      {children}
    </a>
  );
}
