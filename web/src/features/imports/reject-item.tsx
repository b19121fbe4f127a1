import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { Tag } from '@/ui/color-badge';
import type { Reject } from './api';
import styles from './rejects.module.css';

type Props = {
  row: Reject;
  columns: string[];
  /** Field → column name, to find the cell at fault. */
  mapping: Record<string, string>;
  edited: string[] | undefined;
  onEdit: ((row: Reject, cells: string[] | null) => void) | undefined;
};

const SHOWN_CELLS = 14;

/** One rejected row: where, why, as received, and its cells to correct. */
export function RejectItem({ row, columns, mapping, edited, onEdit }: Props) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const editor = useRef<HTMLDivElement>(null);
  const cells = edited ?? row.cells;
  const wrong = row.field ? columns.indexOf(mapping[row.field] ?? row.field) : -1;

  useEffect(() => {
    if (open) editor.current?.querySelector('input')?.focus();
  }, [open]);

  function change(at: number, value: string) {
    const next = [...cells];
    next[at] = value;
    onEdit?.(row, next.every((cell, index) => cell === row.cells[index]) ? null : next);
  }

  const field = row.field ? t(`field.${row.field}`, { defaultValue: row.field }) : null;
  return (
    <li className={styles.reject} data-edited={edited ? true : undefined}>
      <span className={styles.line}>{t('rejects.line', { line: format.count(row.line) })}</span>
      <div className={styles.reason}>
        <p>
          {field && <strong>{t('rejects.field', { field })}</strong>}
          {t(`reject.${row.code}`, {
            ...row.params,
            defaultValue: t('reject.other', { code: row.code }),
          })}
        </p>
        <div className={styles.cells}>
          {cells.slice(0, SHOWN_CELLS).map((cell, at) =>
            cell === '' && at !== wrong ? null : (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: cells never move
                key={at}
                className={styles.cell}
                title={columns[at]}
                data-wrong={(at === wrong && !edited) || undefined}
              >
                {cell === '' ? t('rejects.empty_cell') : cell}
              </span>
            ),
          )}
        </div>
      </div>
      <div>
        {row.resolved && row.waits_in ? (
          <Link to="/imports/$id" params={{ id: row.waits_in }}>
            {t('rejects.waits')}
          </Link>
        ) : row.resolved ? (
          <Tag label={t('rejects.resolved')} tone="good" />
        ) : (
          onEdit && (
            <Button variant="default" size="xs" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? t('common:action.close') : t('rejects.correct')}
            </Button>
          )
        )}
      </div>
      {open && onEdit && (
        <div className={styles.editor} ref={editor}>
          {order(cells.length, wrong).map((at) => (
            <TextInput
              key={at}
              label={columns[at] ?? t('rejects.cell', { number: format.count(at + 1) })}
              value={cells[at] ?? ''}
              error={at === wrong && !edited}
              onChange={(event) => change(at, event.currentTarget.value)}
            />
          ))}
        </div>
      )}
    </li>
  );
}

/** The cell at fault first, then the others as in the file. */
function order(count: number, first: number): number[] {
  const all = Array.from({ length: count }, (_, at) => at);
  return first < 0 ? all : [first, ...all.filter((at) => at !== first)];
}
