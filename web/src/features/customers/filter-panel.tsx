import { useTranslation } from 'react-i18next';
import { useNarrow } from '@/ui/use-narrow';
import styles from './customers.module.css';
import { type CustomerSearch, toggleValue } from './search';
import type { FilterOptions } from './use-filter-options';

type Props = {
  search: CustomerSearch;
  onChange: (next: Partial<CustomerSearch>) => void;
  filters: FilterOptions;
};

const SORTS = ['-monetary', '-frequency', '-last_order', 'last_order', 'name', '-number'];

/** Every filter with its values; on a phone also the order, which has no column headings there. */
export function FilterPanel({ search, onChange, filters }: Props) {
  const { t } = useTranslation('customers');
  const narrow = useNarrow();
  return (
    <div className={styles.filters}>
      {narrow && (
        <label className={styles.sortBy}>
          {t('sort.title')}
          <select
            value={search.sort ?? '-monetary'}
            onChange={(event) => onChange({ sort: event.currentTarget.value })}
          >
            {SORTS.map((sort) => (
              <option key={sort} value={sort}>
                {t(`sort.${sort.replace('-', 'down_')}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      {filters.filters.map((filter) => {
        const chosen = search[filter.key]?.split(',') ?? [];
        return (
          <details key={filter.key} name="customer-filter" open={chosen.length > 0 || undefined}>
            <summary>
              {filter.label}
              {chosen.length > 0 && <span className={styles.badge}>{chosen.length}</span>}
            </summary>
            <fieldset className={styles.checks}>
              <legend className="visually-hidden">{filter.label}</legend>
              {filter.options.map((option) => (
                <label key={option.value}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(option.value)}
                    onChange={() =>
                      onChange({ [filter.key]: toggleValue(search[filter.key], option.value) })
                    }
                  />
                  {option.label}
                </label>
              ))}
            </fieldset>
          </details>
        );
      })}
    </div>
  );
}
