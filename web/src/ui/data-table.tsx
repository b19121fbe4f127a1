import { useElementScrollRestoration } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
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
  rows: T[];
  rowKey: (row: T) => string;
  /** Two lines for narrow screens. */
  card: (row: T) => ReactNode;
  total?: number | undefined;
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  hasMore?: boolean;
  loadingMore?: boolean;
  onMore?: () => void;
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

/** A long list: only the rows in view are in the page, further pages load as they come near. */
export function DataTable<T>(props: Props<T>) {
  const { rows, columns, hasMore, loadingMore, onMore } = props;
  const { t } = useTranslation();
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
    initialOffset: restored?.scrollY ?? 0,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes change with the layout only
  useEffect(() => virtual.measure(), [height]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && last + AHEAD >= rows.length) onMore?.();
  }, [hasMore, loadingMore, last, rows.length, onMore]);

  function move(to: number) {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    const row = rows[next];
    if (!row) return;
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
    props.onActive?.(row);
    // The row may be drawn only after this scroll.
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus({
        preventScroll: true,
      });
    });
  }

  useHotkeys({ j: () => move(active + 1), k: () => move(active - 1) });

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target as HTMLElement).matches('[data-row], [data-scroller]')) return;
    const row = rows[active];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
    const step = STEPS[event.key];
    if (step !== undefined) move(active + step);
    else if (event.key === 'PageDown') move(active + page);
    else if (event.key === 'PageUp') move(active - page);
    else if (event.key === 'Enter' && row) props.onOpen?.(row);
    else if (event.key === ' ' && row) props.onPeek?.(row);
    else return;
    event.preventDefault();
  }

  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const shared = { rowKey: props.rowKey, onOpen: props.onOpen, setActive };
  const more = loadingMore && <div className={styles.more}>{t('state.loading')}</div>;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: rows inside take the focus
    <div
      ref={scroller}
      className={styles.scroller}
      data-scroll-restoration-id={props.id}
      data-scroller
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {narrow ? (
        <ul className={styles.cards} aria-label={props.label}>
          <li aria-hidden style={{ blockSize: before }} />
          {items.map((item) => (
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
            {items.map((item) => (
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
      {more}
    </div>
  );
}
