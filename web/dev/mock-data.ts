import type { Api, Money } from '../src/api/types.ts';

/** A small generator of pseudo-random numbers, so that the invented chain is always the same. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const NAMES = [
  '李雷',
  '韩梅梅',
  '王晓明',
  '陈思远',
  '欧阳婷婷',
  'Aisha Rahman',
  'Lin Mei',
  'Chloé Dubois',
  'Mateo García',
  'Priya Nair',
  '佐藤 美咲',
  'James Wong',
  'Nur Hidayah binti Ismail',
  '张伟',
  'Siti Aminah',
  'Wei Chen',
  '林志玲',
  'Emma Thompson',
  '刘洋',
  'Ahmad Faiz',
];
const STORES: Api<'Store'>[] = [
  ['sto_0000000000001', 'SG01', 'Orchard', 'SG', 'Singapore', 'SGD', 'Asia/Singapore'],
  ['sto_0000000000002', 'SG02', 'Bugis Junction', 'SG', 'Singapore', 'SGD', 'Asia/Singapore'],
  ['sto_0000000000003', 'MY01', 'Pavilion KL', 'MY', 'Kuala Lumpur', 'MYR', 'Asia/Kuala_Lumpur'],
  ['sto_0000000000004', 'CN01', '南京西路店', 'CN', '上海', 'CNY', 'Asia/Shanghai'],
  ['sto_0000000000005', 'JP01', '銀座', 'JP', '東京', 'JPY', 'Asia/Tokyo'],
].map(
  ([id = '', code = '', name = '', country = '', city = '', currency = '', time_zone = '']) => ({
    id,
    code,
    name,
    country,
    city,
    currency,
    time_zone,
    version: 1,
    source: '',
    region: '',
    day_cut_minutes: 0,
    channel: 'store',
    phone: '',
    created_at: '2024-01-01T00:00:00Z',
  }),
);
const TIERS: Api<'TierLabel'>[] = [
  { code: 'member', name: { en: 'Member', zh: '普通会员' }, color: '#7A8699' },
  { code: 'silver', name: { en: 'Silver', zh: '银卡' }, color: '#9AA7B8' },
  { code: 'gold', name: { en: 'Gold', zh: '金卡' }, color: '#D9A514' },
  { code: 'vip', name: { en: 'VIP', zh: '尊享会员' }, color: '#901D7D' },
];
const CITY: Record<string, string> = {
  SG: 'Singapore',
  MY: 'Kuala Lumpur',
  CN: '上海',
  JP: '東京',
};
const GROUPS = [
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
const LIFECYCLE = ['new', 'active', 'slowing', 'lapsed', 'won_back', 'prospect'];

export const stores = STORES;
export const tiers = TIERS;

const next = random(7);
const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
const id = (prefix: string, at: number) => `${prefix}_${at.toString(36).padStart(13, '0')}`;
const sgd = (amount: number): Money => ({ amount: Math.round(amount), currency: 'SGD' });
const date = (daysAgo: number) =>
  new Date(Date.UTC(2026, 10, 21) - daysAgo * 86_400_000).toISOString().slice(0, 10);

export const customers: Api<'CustomerRow'>[] = Array.from({ length: 3000 }, (_, at) => {
  const store = pick(STORES);
  const spend = Math.round(9_000_00 * (1 - at / 3000) ** 4) + 1200;
  const tier = TIERS[at < 60 ? 3 : at < 400 ? 2 : at < 1200 ? 1 : 0] ?? null;
  return {
    id: id('cus', at + 1),
    number: `C${String(100_000 + at)}`,
    name: pick(NAMES),
    country: store.country,
    city: CITY[store.country] ?? '',
    home_store: { id: store.id, name: store.name },
    tier,
    rfm_group: pick(GROUPS),
    lifecycle: pick(LIFECYCLE),
    abc: at < 500 ? 'a' : at < 1200 ? 'b' : 'c',
    r: 1 + Math.floor(next() * 5),
    f: 1 + Math.floor(next() * 5),
    m: 1 + Math.floor(next() * 5),
    monetary: sgd(spend),
    frequency: 1 + Math.floor(next() * 30),
    last_order: date(Math.floor(next() * 400)),
    phone_masked: `+65 •••• ${1000 + Math.floor(next() * 8999)}`,
    email_masked: 'a•••@example.com',
    created_at: '2024-03-02T09:00:00Z',
  };
});

export function customer(row: Api<'CustomerRow'>): Api<'Customer'> {
  return {
    ...row,
    given_name: row.name.split(' ')[0] ?? null,
    family_name: row.name.split(' ')[1] ?? null,
    gender: 'female',
    birth_date: '--08-08',
    address: '10 Orchard Road',
    postcode: '238823',
    language: 'en',
    note: 'Prefers loose cuts; allergic to wool.',
    identifiers: identifiers(),
    records_count: 2,
    merged_into: null,
    version: 3,
    grade: grade(row),
  };
}

function identifiers(): Api<'Identifier'>[] {
  const kinds: [string, string][] = [
    ['phone', '+6581234567'],
    ['email', 'lin.mei@example.com'],
    ['card', '880012345678'],
    ['external', 'taobao:tb_998877'],
  ];
  return kinds.map(([kind, value], at) => ({
    id: id('idn', at),
    kind,
    value,
    verified: at === 0,
    shared: false,
    record_id: id('cus', at % 2),
    created_at: '2024-03-02T09:00:00Z',
  }));
}

function grade(row: Api<'CustomerRow'>): Api<'Grade'> {
  return {
    as_of: '2026-11-20',
    recency_days: 34,
    frequency: row.frequency,
    monetary: row.monetary,
    lifetime_orders: row.frequency + 8,
    lifetime_net: sgd(row.monetary.amount * 2.2),
    r: row.r,
    f: row.f,
    m: row.m,
    rfm_group: row.rfm_group,
    abc: row.abc,
    lifecycle: row.lifecycle ?? 'active',
    average_basket: sgd(row.monetary.amount / row.frequency),
    interval_days: 41,
    refund_rate: 0.043,
    favourite_store: row.home_store,
    favourite_category: 'Knitwear',
    favourite_channel: 'store',
    first_order: '2024-03-02',
    last_order: row.last_order,
    tier: row.tier && { ...row.tier, benefits: [{ en: 'Free alterations', zh: '免费改衣' }] },
    tier_since: '2026-02-11',
    tier_review: '2027-02-11',
    tier_cause: 'rule',
    override: null,
    why: {
      rule: { kind: 'qualified', params: { level: row.tier?.code ?? 'member', mode: 'all_of' } },
      criteria: [
        {
          criterion: 'spend',
          figure: row.monetary.amount,
          threshold: 100_000,
          met: true,
          unit: 'money',
          points: null,
        },
        {
          criterion: 'frequency',
          figure: row.frequency,
          threshold: 4,
          met: row.frequency >= 4,
          unit: 'occasions',
          points: null,
        },
      ],
      next_level: {
        code: 'vip',
        any: false,
        missing: [
          {
            criterion: 'spend',
            figure: row.monetary.amount,
            threshold: 1_000_000,
            gap: 1_000_000 - row.monetary.amount,
            unit: 'money',
          },
        ],
      },
      scheme_version: 4,
      earned: { tier: row.tier?.code ?? '', since: '2026-02-11', review_on: '2027-02-11' },
      as_of: '2026-11-20',
      window: { from: '2025-11-21', to: '2026-11-21' },
    },
  };
}

export function timeline(): Api<'TimelineItem'>[] {
  return [
    {
      at: '2026-10-18T06:21:00Z',
      type: 'order',
      id: 'ord_1',
      external_id: 'SG01-88213',
      source: 'pos',
      store: { id: 'sto_1', name: 'Orchard' },
      channel: 'store',
      net: sgd(12_890),
      units: 3,
      status: 'paid',
    },
    {
      at: '2026-09-20T04:00:00Z',
      type: 'refund',
      id: 'ord_2',
      external_id: 'SG01-88001',
      source: 'pos',
      store: { id: 'sto_1', name: 'Orchard' },
      channel: 'store',
      net: sgd(-4_900),
      units: 1,
      status: 'paid',
    },
    {
      at: '2026-09-14T10:05:00Z',
      type: 'order',
      id: 'ord_2',
      external_id: 'SG01-88001',
      source: 'pos',
      store: { id: 'sto_1', name: 'Orchard' },
      channel: 'web',
      net: sgd(39_900),
      units: 4,
      status: 'paid',
    },
    { at: '2026-02-11T00:00:00Z', type: 'grade', from: 'silver', to: 'gold', cause: 'rule' },
    {
      at: '2026-01-07T02:00:00Z',
      type: 'merge',
      id: 'mrg_1',
      other: { id: 'cus_9', name: 'L. Mei' },
      cause: 'pair',
      actor: 'Wei Chen',
    },
    { at: '2025-12-02T02:00:00Z', type: 'edit', fields: ['phone', 'note'], actor: 'Wei Chen' },
    { at: '2024-03-02T09:00:00Z', type: 'created', source: 'pos' },
  ];
}

export function order(): Api<'Order'> {
  const line = (at: number, sku: string, name: string, quantity: string, net: number) => ({
    line: at,
    product: { id: `prd_${at}`, name },
    sku,
    name,
    quantity,
    unit_price: '0',
    discount: sgd(0),
    net: sgd(net),
  });
  return {
    id: 'ord_1',
    external_id: 'SG01-88213',
    source: 'pos',
    kind: 'sale',
    ordered_at: '2026-10-18T06:21:00Z',
    business_date: '2026-10-18',
    store: { id: 'sto_1', name: 'Orchard' },
    channel: 'store',
    status: 'paid',
    gross: sgd(13_890),
    discount: sgd(1_000),
    net: sgd(12_890),
    tax: sgd(0),
    shipping: sgd(0),
    units: 3,
    rate: '1',
    reporting_net: 12_890,
    follow_ups: [],
    lines: [
      line(1, 'KN-1021-NV-M', 'Merino roll-neck, navy, M', '1', 7_990),
      line(2, 'TS-0007-WH-L', '纯棉短袖 T 恤 白 L', '2', 4_900),
    ],
  };
}

/** Evidence is any JSON in the schema, which the generator turns into an empty object. */
const EVIDENCE: unknown = [
  { field: 'phone', left: '+6581234567', right: '+6581234567', agreement: 'equal', weight: 9.1 },
  { field: 'name', left: 'Lin Mei', right: 'L. Mei', agreement: 'similar', weight: 2.4 },
];

export function identities(): Api<'Identities'> {
  return {
    identifiers: identifiers(),
    records: [
      {
        id: 'cus_0',
        number: 'C100001',
        name: 'Lin Mei',
        source: 'pos',
        created_at: '2024-03-02T09:00:00Z',
        orders: 21,
      },
      {
        id: 'cus_9',
        number: 'C102210',
        name: 'L. Mei',
        source: 'taobao',
        created_at: '2025-06-12T09:00:00Z',
        orders: 4,
      },
    ],
    merges: [
      {
        id: 'mrg_1',
        winner: { id: 'cus_0', name: 'Lin Mei' },
        loser: { id: 'cus_9', name: 'L. Mei' },
        cause: 'pair',
        evidence: EVIDENCE as never,
        at: '2026-01-07T02:00:00Z',
        undone_at: null,
        actor: 'Wei Chen',
      },
    ],
  };
}

export function home(): Api<'HomeReport'> {
  const series = (from: number, to: number) =>
    Array.from(
      { length: 12 },
      (_, at) => from + ((to - from) * at) / 11 + Math.sin(at * 1.7) * (to - from) * 0.25,
    );
  return {
    as_of: '2026-11-20',
    data_until: '2026-11-20',
    currency: 'SGD',
    kpis: [
      {
        key: 'net_sales',
        value: 131_240_050,
        unit: 'money',
        previous: 123_345_000,
        change: 0.064,
        series: series(98e6, 131e6),
      },
      {
        key: 'customers_active',
        value: 9_214,
        unit: 'count',
        previous: 9_024,
        change: 0.021,
        series: series(8000, 9214),
      },
      {
        key: 'repeat_rate',
        value: 0.382,
        unit: 'ratio',
        previous: 0.378,
        change: 0.004,
        series: series(0.35, 0.382),
      },
      {
        key: 'average_order',
        value: 8_412,
        unit: 'money',
        previous: 8_506,
        change: -0.011,
        series: series(8900, 8412),
      },
      {
        key: 'identification_rate',
        value: 0.871,
        unit: 'ratio',
        previous: 0.866,
        change: 0.006,
        series: series(0.81, 0.871),
      },
      {
        key: 'at_risk',
        value: 1_204,
        unit: 'count',
        previous: 1_246,
        change: -0.034,
        series: series(1400, 1204),
      },
    ],
  };
}

export function monthly(): Api<'MonthlyReport'> {
  return {
    currency: 'SGD',
    rows: Array.from({ length: 24 }, (_, at) => {
      const base = 90e6 + at * 1.6e6 + Math.sin(at / 1.9) * 14e6;
      const month = new Date(Date.UTC(2024, 11 + at, 1)).toISOString().slice(0, 7);
      return {
        month,
        complete: at < 23,
        net: Math.round(at === 23 ? base * 0.66 : base),
        orders: 14_000,
        units: 31_000,
        refunds: 2e6,
        refund_count: 40,
        customers: 8_000,
        new_customers: 1_300,
        returning_customers: 6_700,
        new_net: Math.round(base * 0.21),
        returning_net: Math.round(base * 0.62),
        guest_net: Math.round(base * 0.17),
      };
    }),
  };
}

export function rfm(): Api<'RfmReport'> {
  const cells: Api<'RfmCell'>[] = [];
  for (let r = 5; r >= 1; r -= 1) {
    for (let f = 1; f <= 5; f += 1) {
      const count = Math.round(300 + 1800 * Math.exp(-((r - f) ** 2) / 4) * (r / 5));
      cells.push({ r, f, customers: count, share: count / 20_000, net: sgd(count * 22_000) });
    }
  }
  return {
    as_of: '2026-11-20',
    n: 20_000,
    cells,
    groups: GROUPS.map((group, at) => ({
      group,
      customers: 3000 - at * 200,
      share: 0.09,
      net: sgd(4e7),
      net_share: 0.1,
    })),
  };
}
