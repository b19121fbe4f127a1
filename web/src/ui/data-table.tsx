import { useElementScrollRestoration } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { isComposing, useHotkeys } from '@/lib/hotkeys';
import styles from './data-table.module.css';
import { CardRow, TableRow } from './data-table-row';
import { SortHeader } from './sort-header';
import { useNarrow } from './use-narrow';

export type Column<T> = {
  key: string;
  header: string;
  /** Keep this function outside the component, or memoised: rows redraw when it changes. */
  cell: (row: T) => ReactNode;
  /** A CSS length for the column. */
  width: string;
  align?: 'end';
  /** The value of `sort` in ascending order; descending is the same with a minus sign. */
  sort?: string;
  /** The first click sorts from the largest. */
  descendingFirst?: boolean;
};

type Props<T> = {
  /** Names the table for the restoring of its scroll position. */
  id: string;
  label: string;
  columns: Column<T>[];
  /** Every row that is known to be there; those that are not loaded are left out. */
  rows: (T | undefined)[];
  rowKey: (row: T) => string;
  /** Two lines for narrow screens. */
  card: (row: T) => ReactNode;
  total?: number | undefined;
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  /** Stands below the last row: that more are coming, or why they do not. */
  note?: ReactNode;
  /** Tells which rows are in view or near; the last may lie behind those that are known. */
  onNeed?: (first: number, last: number) => void;
  onOpen?: (row: T) => void;
  onPeek?: (row: T) => void;
  onActive?: (row: T) => void;
};

const ROW = 40;
const CARD = 64;
const AHEAD = 30;
const STEPS: Record<string, number | undefined> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: -Infinity,
  End: Infinity,
};

/** A long list: only the rows in view are in the page, and others are asked for as they come near. */
export function DataTable<T>(props: Props<T>) {
  const { rows, columns, onNeed } = props;
  const narrow = useNarrow();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const restored = useElementScrollRestoration({ id: props.id });
  const height = narrow ? CARD : ROW;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
    // The header covers as much of the view as a row.
    scrollPaddingEnd: narrow ? 0 : ROW,
    initialOffset: restored?.scrollY ?? 0,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes change with the layout only
  useEffect(() => virtual.measure(), [height]);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  // Before anything is painted, so that going back shows the rows at once.
  useLayoutEffect(() => {
    onNeed?.(Math.max(0, first - AHEAD), last + AHEAD);
  }, [first, last, onNeed]);

  /** Moves on from the active row; before there is one, from above the first row in view. */
  function move(step: number) {
    const from = active < 0 ? Math.ceil((virtual.scrollOffset ?? 0) / height) - 1 : active;
    const next = Math.max(0, Math.min(rows.length - 1, from + step));
    const row = rows[next];
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
    if (row) props.onActive?.(row);
    // The row may be drawn only after this scroll; while it loads, the keys go to the list.
    requestAnimationFrame(() => {
      const list = scroller.current;
      const drawn = list?.querySelector<HTMLElement>(`[data-row="${next}"]`);
      (drawn ?? list)?.focus({ preventScroll: true });
    });
  }

  useHotkeys({ j: () => move(1), k: () => move(-1) });

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target as HTMLElement).matches('[data-row], [data-scroller]')) return;
    const row = rows[active];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
    const step = STEPS[event.key];
    if (step !== undefined) move(step);
    else if (event.key === 'PageDown') move(page);
    else if (event.key === 'PageUp') move(-page);
    else if (event.key === 'Enter' && row) props.onOpen?.(row);
    else if (event.key === ' ' && row) props.onPeek?.(row);
    else return;
    event.preventDefault();
  }

  const drawn = items.filter(({ index }) => rows[index]);
  const before = drawn[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  const shared = { rowKey: props.rowKey, onOpen: props.onOpen, setActive };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: rows inside take the focus
    <div
      ref={scroller}
      className={styles.scroller}
      data-scroll-restoration-id={props.id}
      data-scroller
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
      tabIndex={0}
      aria-busy={drawn.length < items.length}
      onKeyDown={onKeyDown}
    >
      {narrow ? (
        <ul className={styles.cards} aria-label={props.label}>
          <li aria-hidden style={{ blockSize: before }} />
          {drawn.map((item) => (
            <CardRow
              key={item.key}
              {...shared}
              row={rows[item.index] as T}
              index={item.index}
              active={item.index === active}
              card={props.card}
            />
          ))}
          <li aria-hidden style={{ blockSize: after }} />
        </ul>
      ) : (
        <table
          className={styles.table}
          aria-label={props.label}
          aria-rowcount={(props.total ?? rows.length) + 1}
        >
          <colgroup>
            {columns.map((column) => (
              <col key={column.key} style={{ inlineSize: column.width }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <SortHeader
                  key={column.key}
                  column={column}
                  sort={props.sort}
                  onSort={props.onSort}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <tr aria-hidden style={{ blockSize: before }} />}
            {drawn.map((item) => (
              <TableRow
                key={item.key}
                {...shared}
                row={rows[item.index] as T}
                index={item.index}
                active={item.index === active}
                columns={columns}
              />
            ))}
            {after > 0 && <tr aria-hidden style={{ blockSize: after }} />}
          </tbody>
        </table>
      )}
      {props.note && <div className={styles.note}>{props.note}</div>}
    </div>
  );
}
