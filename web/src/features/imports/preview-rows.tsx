import { useTranslation } from 'react-i18next';
import type { Preview } from './api';
import styles from './imports.module.css';

const SHOWN = 12;

/** The first rows as the server reads them, mapped columns first in ink. */
export function PreviewRows({ preview }: { preview: Preview }) {
  const { t } = useTranslation('imports');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
    <section className={styles.rowsBox} tabIndex={0} aria-label={t('rows.title')}>
      <table className={styles.rows}>
        <caption className="visually-hidden">{t('rows.title')}</caption>
        <thead>
          <tr>
            {preview.columns.map((column) => (
              <th key={column.index} scope="col" data-unused={!column.field || undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.slice(0, SHOWN).map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other key
            <tr key={line}>
              {preview.columns.map((column) => (
                <td key={column.index} data-unused={!column.field || undefined}>
                  {row[column.index] ?? ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
