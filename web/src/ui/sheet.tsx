import type { ReactNode } from 'react';
import styles from './sheet.module.css';

export type SheetColumn<T> = {
  key: string;
  header: ReactNode;
  /** The header as plain text, shown beside the cell on a narrow screen. */
  label?: string;
  align?: 'end';
  cell: (row: T) => ReactNode;
};

type Props<T> = {
  caption: string;
  columns: SheetColumn<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  selected?: (row: T) => boolean;
};

/** A short table without paging; on a narrow screen each row becomes a small list. */
export function Sheet<T>({ caption, columns, rows, rowKey, selected }: Props<T>) {
  return (
    <div className={styles.box}>
      <table className={styles.sheet}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-align={column.align}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-selected={selected?.(row) || undefined}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} data-align={column.align} data-label={labelOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function labelOf<T>(column: SheetColumn<T>): string | undefined {
  return column.label ?? (typeof column.header === 'string' ? column.header : undefined);
}
