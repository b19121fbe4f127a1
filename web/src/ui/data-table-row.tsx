import { memo, type ReactNode } from 'react';
import type { Column } from './data-table';

type Shared<T> = {
  row: T;
  index: number;
  active: boolean;
  rowKey: (row: T) => string;
  onOpen?: ((row: T) => void) | undefined;
  setActive: (index: number) => void;
};

function openUnlessLink<T>(event: React.MouseEvent, props: Shared<T>) {
  props.setActive(props.index);
  if ((event.target as HTMLElement).closest('a, button, input')) return;
  if (window.getSelection()?.toString()) return;
  props.onOpen?.(props.row);
}

function PlainTableRow<T>(props: Shared<T> & { columns: Column<T>[] }) {
  const { row, index, active, columns } = props;
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      tabIndex={active ? 0 : -1}
      data-active={active || undefined}
      onClick={(event) => openUnlessLink(event, props)}
    >
      {columns.map((column, at) =>
        at === 0 ? (
          <th key={column.key} scope="row">
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.key} data-align={column.align}>
            {column.cell(row)}
          </td>
        ),
      )}
    </tr>
  );
}

function PlainCardRow<T>(props: Shared<T> & { card: (row: T) => ReactNode }) {
  const { row, index, active, card } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles Enter on its active row
    <li
      data-row={index}
      tabIndex={active ? 0 : -1}
      data-active={active || undefined}
      onClick={(event) => openUnlessLink(event, props)}
    >
      {card(row)}
    </li>
  );
}

/** One row of a table; memoised, because scrolling redraws the table often. */
export const TableRow = memo(PlainTableRow) as typeof PlainTableRow;

/** One two-line card of a list on a narrow screen. */
export const CardRow = memo(PlainCardRow) as typeof PlainCardRow;
