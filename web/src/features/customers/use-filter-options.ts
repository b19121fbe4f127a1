import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { term } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { useFormat, useLabel } from '@/lib/use-format';
import { storesQuery, tiersQuery } from './api';
import type { FilterKey } from './search';

export type Option = { value: string; label: string };
export type Filter = { key: FilterKey; label: string; options: Option[] };

const RFM_GROUPS = [
  'champions',
  'loyal',
  'potential_loyalist',
  'new',
  'promising',
  'need_attention',
  'about_to_sleep',
  'at_risk',
  'cannot_lose',
  'hibernating',
  'lost',
];
const STAGES = ['prospect', 'new', 'active', 'slowing', 'lapsed', 'won_back'];

/** The filters of the list with their values, and the words for each. */
export function useFilterOptions() {
  const { t } = useTranslation('customers');
  const label = useLabel();
  const format = useFormat();
  const seesStores = useCan('stores.see');
  const stores = useQuery({ ...storesQuery, enabled: seesStores }).data?.items ?? [];
  const levels = useQuery(tiersQuery).data?.published.levels ?? [];
  const countries = [...new Set(stores.map((store) => store.country).filter((c) => c !== null))];
  const terms = (group: string, codes: string[]): Option[] =>
    codes.map((value) => ({ value, label: term(t, group, value) }));
  const scores: Option[] = ['5', '4', '3', '2', '1'].map((value) => ({ value, label: value }));

  const filters: Filter[] = [
    {
      key: 'tier',
      label: t('filter.tier'),
      options: levels.map((level) => ({ value: level.code, label: label(level.name) })),
    },
    { key: 'rfm_group', label: t('filter.rfm_group'), options: terms('rfm_group', RFM_GROUPS) },
    { key: 'lifecycle', label: t('filter.lifecycle'), options: terms('lifecycle', STAGES) },
    { key: 'abc', label: t('filter.abc'), options: terms('abc', ['a', 'b', 'c']) },
    {
      key: 'store_id',
      label: t('filter.store_id'),
      options: stores.map((store) => ({ value: store.id, label: store.name })),
    },
    {
      key: 'country',
      label: t('filter.country'),
      options: countries.map((code) => ({ value: code, label: format.country(code) })),
    },
    { key: 'r', label: t('filter.r'), options: scores },
    { key: 'f', label: t('filter.f'), options: scores },
  ];

  /** A filter in force, as words. */
  function sentence(key: FilterKey, values: string): string {
    const filter = filters.find((one) => one.key === key);
    const names = values
      .split(',')
      .map((value) => filter?.options.find((one) => one.value === value)?.label ?? value);
    return t('filter.sentence', { filter: filter?.label ?? key, values: format.list(names) });
  }

  return { filters: filters.filter((filter) => filter.options.length > 0), sentence };
}

export type FilterOptions = ReturnType<typeof useFilterOptions>;
