import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import type { Api } from '@/api/types';
import type { Format } from '@/lib/format';
import { term } from '@/lib/i18n';
import { ColorBadge } from '@/ui/color-badge';
import type { Column } from '@/ui/data-table';

export type Row = Api<'CustomerRow'>;
export type LabelOf = (label: { en: string; zh: string }) => string;

/** The columns shown until the person chooses others. */
export const DEFAULT_COLUMNS = [
  'name',
  'store',
  'tier',
  'rfm_group',
  'monetary',
  'frequency',
  'last_order',
];

/** What to call a customer of whom no name is known. */
export function nameOf(row: { name: string; number: string }): string {
  return row.name || row.number;
}

/** Every column of the list, in order. */
export function makeColumns(t: TFunction, format: Format, label: LabelOf): Column<Row>[] {
  return [
    {
      key: 'name',
      header: t('customers:column.name'),
      width: '220px',
      sort: 'name',
      cell: (row) => (
        <Link to="/customers/$id" params={{ id: row.id }} tabIndex={-1}>
          {nameOf(row)}
        </Link>
      ),
    },
    {
      key: 'number',
      header: t('customers:column.number'),
      width: '120px',
      sort: 'number',
      cell: (row) => row.number,
    },
    {
      key: 'store',
      header: t('customers:column.store'),
      width: '180px',
      cell: (row) => row.home_store?.name ?? '–',
    },
    {
      key: 'country',
      header: t('customers:column.country'),
      width: '120px',
      cell: (row) => (row.country ? format.country(row.country) : '–'),
    },
    {
      key: 'city',
      header: t('customers:column.city'),
      width: '130px',
      cell: (row) => row.city ?? '–',
    },
    {
      key: 'tier',
      header: t('customers:column.tier'),
      width: '130px',
      cell: (row) =>
        row.tier ? <ColorBadge label={label(row.tier.name)} color={row.tier.color} /> : '–',
    },
    {
      key: 'rfm_group',
      header: t('customers:column.rfm_group'),
      width: '150px',
      cell: (row) => (row.rfm_group ? term(t, 'rfm_group', row.rfm_group) : '–'),
    },
    {
      key: 'lifecycle',
      header: t('customers:column.lifecycle'),
      width: '110px',
      cell: (row) => (row.lifecycle ? term(t, 'lifecycle', row.lifecycle) : '–'),
    },
    {
      key: 'abc',
      header: t('customers:column.abc'),
      width: '80px',
      cell: (row) => row.abc?.toUpperCase() ?? '–',
    },
    {
      key: 'phone',
      header: t('customers:column.phone'),
      width: '150px',
      cell: (row) => row.phone_masked ?? '–',
    },
    {
      key: 'email',
      header: t('customers:column.email'),
      width: '190px',
      cell: (row) => row.email_masked ?? '–',
    },
    {
      key: 'monetary',
      header: t('customers:column.monetary'),
      width: '150px',
      align: 'end',
      sort: 'monetary',
      descendingFirst: true,
      cell: (row) => format.money(row.monetary),
    },
    {
      key: 'frequency',
      header: t('customers:column.frequency'),
      width: '90px',
      align: 'end',
      sort: 'frequency',
      descendingFirst: true,
      cell: (row) => format.count(row.frequency),
    },
    {
      key: 'last_order',
      header: t('customers:column.last_order'),
      width: '140px',
      align: 'end',
      sort: 'last_order',
      descendingFirst: true,
      cell: (row) => (row.last_order ? format.day(row.last_order) : '–'),
    },
  ];
}
