import type { IncomingMessage, ServerResponse } from 'node:http';
import * as data from './mock-data.ts';

type Reply = { status?: number; body: unknown; etag?: string };

let signedIn = true;
let needsSetup = false;

const session = {
  user: {
    id: 'usr_1',
    name: 'Wei Chen',
    email: 'wei@example.com',
    role: 'administrator',
    language: 'en',
  },
  chain: { name: 'Harbour & Co', reporting_currency: 'SGD', time_zone: 'Asia/Singapore' },
  permissions: ['*'],
};
const list = (items: unknown[], count = items.length) => ({
  items,
  next: null,
  total: { count, exact: true },
});

function problem(status: number, code: string): Reply {
  return {
    status,
    body: { type: 'about:blank', title: code, status, code, request_id: '01JD9XW2F4' },
  };
}

function customers(query: URLSearchParams): Reply {
  const limit = Number(query.get('limit') ?? 100);
  const from = Number(query.get('cursor') ?? 0);
  const q = query.get('q')?.toLowerCase();
  if (q === 'error') return problem(500, 'internal');
  if (q === 'forbidden') return problem(403, 'forbidden');
  const tiers = query.get('tier')?.split(',');
  const found = data.customers.filter(
    (row) =>
      (!q || row.name.toLowerCase().includes(q) || row.number.toLowerCase().includes(q)) &&
      (!tiers || tiers.includes(row.tier?.code ?? '')),
  );
  const next = from + limit < found.length ? String(from + limit) : null;
  const items = found.slice(from, from + limit);
  return {
    body: {
      items,
      next,
      total: { count: found.length === 3000 ? 1_000_000 : found.length, exact: false },
    },
  };
}

const TIER_SCHEME = {
  published: {
    version: 4,
    window_days: 365,
    currency: 'SGD',
    mode: 'all',
    criteria: [],
    review: 'yearly',
    grace_days: 30,
    levels: data.tiers.map((tier) => ({ ...tier, benefits: [], thresholds: [] })),
  },
  draft: null,
};

const FIXED: Record<string, () => unknown> = {
  'GET /jobs': () =>
    list([
      {
        id: 'job_1',
        kind: 'import',
        state: 'running',
        phase: 'rows',
        done: 62_400,
        total: 100_000,
        rate_per_s: 2100,
        seconds_left: 190,
        attempt: 1,
        error: null,
        output: null,
        created_at: '2026-11-21T01:00:00Z',
        started_at: '2026-11-21T01:00:00Z',
        finished_at: null,
        can: ['pause', 'cancel'],
      },
    ]),
  'GET /stores': () => list(data.stores),
  'GET /views': () =>
    list([
      {
        id: 'viw_1',
        screen: 'customers',
        name: 'Gold at risk',
        query: 'tier=gold&rfm_group=at_risk',
        shared: true,
      },
    ]),
  'GET /tier-scheme': () => TIER_SCHEME,
  'GET /reports/home': data.home,
  'GET /reports/monthly': data.monthly,
  'GET /reports/rfm': data.rfm,
  'GET /duplicates': () => list([], 27),
  'GET /status': () => ({
    customers: 20_000,
    orders: 190_000,
    refunds: 9_000,
    order_lines: 420_000,
    net_sales: {},
    rejected_rows: 48,
    feed_lag: 0,
  }),
  'POST /demo': () => ({ id: 'job_2', kind: 'demo', state: 'queued' }),
};

/** The answer to one request. */
export function answer(method: string, path: string, query: URLSearchParams): Reply {
  if (path === '/setup') {
    if (method === 'POST') {
      needsSetup = false;
      signedIn = true;
      return { body: session };
    }
    return {
      body: {
        needs_setup: needsSetup,
        chain_name: 'Harbour & Co',
        version: '0.1.0',
        reporting_currency: '',
        currency_is_fixed: false,
        time_zone: 'UTC',
      },
    };
  }
  if (path === '/mock') {
    signedIn = query.get('out') === null;
    needsSetup = query.get('setup') !== null;
    session.user.language = query.get('language') ?? 'en';
    return { body: null };
  }
  if (path === '/session') {
    if (method === 'POST') signedIn = true;
    if (method === 'DELETE') signedIn = false;
    return signedIn ? { body: session } : problem(401, 'signed_out');
  }
  if (path === '/customers') return customers(query);
  if (path === '/lookup') {
    const q = query.get('q')?.toLowerCase() ?? '';
    return {
      body: {
        items: data.customers.filter((row) => row.name.toLowerCase().includes(q)).slice(0, 6),
      },
    };
  }
  const parts = path.split('/');
  if (parts[1] === 'orders') return { body: data.order() };
  if (parts[1] === 'customers' && parts[2]) {
    const row = data.customers.find((one) => one.id === parts[2]);
    if (!row) return problem(404, 'not_found');
    if (parts[3] === 'timeline') return { body: list(data.timeline()) };
    if (parts[3] === 'identities') return { body: data.identities() };
    if (parts[3] === 'grade-history') {
      return {
        body: list([
          {
            at: '2026-02-11T00:00:00Z',
            as_of: '2026-02-10',
            from: 'silver',
            to: 'gold',
            cause: 'rule',
          },
        ]),
      };
    }
    if (method === 'PATCH' && row.number === 'C100001') return problem(412, 'stale');
    return { body: data.customer(row), etag: '"v3"' };
  }
  const fixed = FIXED[`${method} ${path}`];
  return fixed ? { body: fixed() } : problem(404, 'not_found');
}

/** Answers one request of the development server. */
export function handle(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://mock');
  if (url.pathname === '/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    return;
  }
  const {
    status = 200,
    body,
    etag,
  } = answer(request.method ?? 'GET', url.pathname, url.searchParams);
  response.writeHead(status, {
    'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
    ...(etag ? { ETag: etag } : {}),
  });
  response.end(JSON.stringify(body));
}
