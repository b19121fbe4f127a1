import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { Column } from './data-table';
import styles from './data-table.module.css';

type Props<T> = {
  column: Column<T>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
};

/** A column's heading, which sorts by the column where the server can. */
export function SortHeader<T>({ column, sort, onSort }: Props<T>) {
  if (!column.sort || !onSort) {
    return (
      <th scope="col" data-align={column.align}>
        {column.header}
      </th>
    );
  }
  const up = sort === column.sort;
  const down = sort === `-${column.sort}`;
  const next = up ? `-${column.sort}` : down ? column.sort : firstSort(column);
  const Arrow = up ? IconArrowUp : IconArrowDown;
  return (
    <th
      scope="col"
      data-align={column.align}
      aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}
    >
      <button type="button" className={styles.sort} data-compact onClick={() => onSort(next)}>
        {(up || down) && <Arrow size={14} aria-hidden />}
        {column.header}
      </button>
    </th>
  );
}

function firstSort<T>(column: Column<T>): string {
  return column.descendingFirst ? `-${column.sort}` : (column.sort ?? '');
}
