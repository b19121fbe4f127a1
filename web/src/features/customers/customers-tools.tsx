import { IconColumns3, IconDownload, IconFilter, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/lib/session';
import type { Column } from '@/ui/data-table';
import { Dropdown, DropdownLink } from '@/ui/dropdown';
import { FilterChip } from '@/ui/filter-chip';
import { SearchField } from '@/ui/search-field';
import { exportUrl } from './api';
import type { Row } from './columns';
import styles from './customers.module.css';
import { FilterPanel } from './filter-panel';
import { type CustomerSearch, FILTER_KEYS } from './search';
import type { ColumnChoice } from './use-column-choice';
import { useFilterOptions } from './use-filter-options';
import { ViewsMenu } from './views-menu';

type Props = {
  search: CustomerSearch;
  onChange: (next: Partial<CustomerSearch>) => void;
  columns: Column<Row>[];
  choice: ColumnChoice;
};

/** Everything above the list: search, filters as chips, views, columns, export. */
export function CustomersTools({ search, onChange, columns, choice }: Props) {
  const mayExport = useCan('customers.export');
  const { t } = useTranslation('customers');
  const filters = useFilterOptions();
  const active = FILTER_KEYS.filter((key) => search[key]);
  return (
    <div className={styles.tools}>
      <SearchField
        className={styles.search}
        label={t('search')}
        icon={<IconSearch size={17} aria-hidden />}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      <div className={styles.buttons}>
        <Dropdown
          role="dialog"
          align="start"
          width={300}
          label={t('filter.title')}
          buttonClass={styles.button}
          button={
            <>
              <IconFilter size={17} aria-hidden />
              <span>{t('filter.title')}</span>
              {active.length > 0 && <span className={styles.badge}>{active.length}</span>}
            </>
          }
        >
          {() => <FilterPanel search={search} onChange={onChange} filters={filters} />}
        </Dropdown>
        <ViewsMenu search={search} />
        <Dropdown
          role="dialog"
          width={230}
          label={t('columns.title')}
          className={styles.wideOnly}
          buttonClass={styles.button}
          button={
            <>
              <IconColumns3 size={17} aria-hidden />
              <span>{t('columns.title')}</span>
            </>
          }
        >
          {() => (
            <fieldset className={styles.checks}>
              <legend className="visually-hidden">{t('columns.title')}</legend>
              {columns
                .filter(({ key }) => key !== 'name')
                .map(({ key, header }) => (
                  <label key={key}>
                    <input
                      type="checkbox"
                      checked={choice.chosen.includes(key)}
                      onChange={() => choice.toggle(key)}
                    />
                    {header}
                  </label>
                ))}
              <button type="button" className={styles.link} onClick={choice.reset}>
                {t('columns.reset')}
              </button>
            </fieldset>
          )}
        </Dropdown>
        {mayExport && (
          <Dropdown
            role="menu"
            label={t('export.title')}
            buttonClass={styles.button}
            button={
              <>
                <IconDownload size={17} aria-hidden />
                <span>{t('export.title')}</span>
              </>
            }
          >
            {(close) => (
              <>
                <DropdownLink href={exportUrl(search, 'csv')} onClick={close}>
                  {t('export.csv')}
                </DropdownLink>
                <DropdownLink href={exportUrl(search, 'xlsx')} onClick={close}>
                  {t('export.xlsx')}
                </DropdownLink>
              </>
            )}
          </Dropdown>
        )}
      </div>
      {active.length > 0 && (
        <div className={styles.chips}>
          {active.map((key) => (
            <FilterChip
              key={key}
              label={filters.sentence(key, search[key] ?? '')}
              onRemove={() => onChange({ [key]: undefined })}
            />
          ))}
          {active.length > 1 && (
            <button
              type="button"
              className={styles.link}
              onClick={() => onChange(Object.fromEntries(active.map((key) => [key, undefined])))}
            >
              {t('filter.clear')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
