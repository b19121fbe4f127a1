import type { Api } from '@/api/types';

export const money = (amount: number) => ({ amount, currency: 'SGD' });
export const list = <T>(items: T[]) => ({
  items,
  next: null,
  total: { count: items.length, exact: true },
});

const options: Api<'ImportOptions'> = {
  encoding: 'GB18030',
  delimiter: ',',
  sheet: null,
  header_row: 1,
  date_order: 'ymd',
  decimal_mark: 'point',
  currency: 'CNY',
  time_zone: 'Asia/Shanghai',
  country: 'CN',
  mapping: { order_number: '订单号', ordered_at: '下单时间' },
  document_prefixes: null,
  amounts_per_line: null,
};

/** A file of three columns, two of them recognised. */
export const preview: Api<'Preview'> = {
  options,
  detected: { encoding: { value: 'GB18030', confidence: 0.97 } },
  encodings: ['UTF-8', 'GB18030'],
  sheets: [],
  columns: [
    { index: 0, name: '订单号', samples: ['1001'], field: 'order_number', guess: 'name' },
    { index: 1, name: '下单时间', samples: ['2026-11-01'], field: 'ordered_at', guess: 'name' },
    { index: 2, name: '金额', samples: ['12.50'], field: null, guess: 'none' },
  ],
  rows: [['1001', '2026-11-01', '12.50']],
  fields: [
    {
      key: 'order_number',
      label: { en: 'Order number', zh: '订单号' },
      required: true,
      kind: 'text',
    },
    {
      key: 'ordered_at',
      label: { en: 'Order date', zh: '下单时间' },
      required: true,
      kind: 'date',
    },
    {
      key: 'order_paid',
      label: { en: 'Amount paid', zh: '实付金额' },
      required: true,
      kind: 'amount',
    },
  ],
  problems: [{ code: 'field_missing', params: { field: 'order_paid' } }],
  rows_estimated: 4200,
};

/** An import of orders with one rejected row. */
export const doneImport: Api<'Import'> = {
  id: 'imp_1',
  kind: 'orders',
  source: 'Till',
  file_name: 'sales.csv',
  state: 'done',
  dry_run: false,
  job: null,
  rows: { total: 10_000, done: 10_000, new: 9812, updated: 140, unchanged: 0, rejected: 48 },
  summary: {
    rows_new: 9812,
    rows_updated: 140,
    rows_unchanged: 0,
    rows_rejected: 48,
    orders_new: 9812,
    orders_updated: 140,
    orders_unchanged: 0,
    customers_new: 0,
    customers_updated: 0,
    customers_unchanged: 0,
    joined: 0,
    review_pairs: 0,
    products_new: 0,
    products_updated: 0,
    stores_new: 0,
    stores_updated: 0,
    unread: {},
    kept_after_undo: [],
  },
  options: { ...options, mapping: { ordered_at: 'Date' } },
  created_at: '2026-11-21T06:40:00Z',
  finished_at: '2026-11-21T06:44:00Z',
  can: ['undo'],
};

export const rejects: Api<'Rejects'> = {
  columns: ['Order', 'Date', 'Paid'],
  items: [
    {
      line: 1042,
      field: 'ordered_at',
      code: 'date_invalid',
      // The schema knows that there are values, not which.
      params: { value: '2026-13-45' } as unknown as Record<string, never>,
      cells: ['1001', '2026-13-45', '12.50'],
      resolved: false,
    },
  ],
  next: null,
  total: { count: 1, exact: true },
};

const person = (id: string, name: string): Api<'PersonCard'> => ({
  id,
  number: `C-${id}`,
  name,
  given_name: null,
  family_name: null,
  birth_date: null,
  gender: null,
  country: 'SG',
  city: null,
  address: null,
  postcode: null,
  identifiers: [],
  orders: 3,
  net: money(12_500),
  first_order: '2025-01-02',
  last_order: '2026-11-02',
  source: 'Till',
});

const pair = (id: string, left: string, right: string): Api<'DuplicatePair'> => ({
  id,
  score: 12,
  probability: 0.98,
  left: person(`cus_${left}`, left),
  right: person(`cus_${right}`, right),
  evidence: [
    { field: 'phone', left: '+6581234567', right: '+6581234567', agreement: 'equal', weight: 8.8 },
    { field: 'postcode', left: '238801', right: '238810', agreement: 'different', weight: -2.7 },
  ],
  state: 'open',
  found_at: '2026-11-21T06:40:00Z',
});

export const pairs = list([pair('dup_1', 'Li Wei', 'Wei Li'), pair('dup_2', '王晓明', '王小明')]);

const scheme: Api<'Scheme'> = {
  window_days: 365,
  currency: 'SGD',
  rule: { mode: 'any_of' },
  review_months: 12,
  grace_days: 30,
  refunds_may_demote: false,
  levels: [
    {
      code: 'member',
      name: { en: 'Member', zh: '普通会员' },
      color: '#64748b',
      benefits: [],
      thresholds: {},
    },
    {
      code: 'gold',
      name: { en: 'Gold', zh: '金卡会员' },
      color: '#b7862f',
      benefits: [{ en: 'Free delivery', zh: '免运费' }],
      thresholds: { spend: 100_000, frequency: 10 },
    },
  ],
};

export const schemes: Api<'TierSchemes'> = { published: { ...scheme, version: 4 }, draft: null };

const share = (customers: number, part: number) => ({
  customers,
  share: part,
  net: money(customers * 100),
  net_share: part,
});

export const simulation = {
  as_of: '2026-11-21',
  customers: 20_000,
  moves: [
    { from: 'member', to: 'gold', customers: 1204, net: money(9) },
    { from: 'gold', to: 'member', customers: 310, net: money(9) },
  ],
  levels: [
    { code: 'member', before: share(18_000, 0.9), after: share(17_106, 0.855) },
    { code: 'gold', before: share(2000, 0.1), after: share(2894, 0.145) },
  ],
  promoted: 1204,
  demoted: 310,
  unchanged: 18_486,
};

export const settings: Api<'Settings'> = {
  chain_name: 'Harbour & Co',
  reporting_currency: 'SGD',
  time_zone: 'Asia/Singapore',
  day_cut_minutes: 0,
  country: 'SG',
  rfm_window_days: 365,
  lapse_days: 365,
  grade_hour: 4,
  backup_hour: 2,
  backups_kept: 14,
};
