import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderApp, type Sent } from './render-app';

const problem = (status: number, code: string) => ({
  status,
  body: { type: 'about:blank', title: code, status, code },
});
const on = (
  method: string,
  path: string,
  reply: ReturnType<typeof problem> | { body: unknown },
) => {
  return (sent: Sent) =>
    sent.method === method && sent.path.split('?')[0] === path ? reply : undefined;
};

it('shows the figures of the day and what waits', async () => {
  await renderApp('/');
  expect(await screen.findByRole('heading', { name: /Wei Chen/ })).toBeTruthy();
  expect(await screen.findByText('SGD 1.3M')).toBeTruthy();
  expect(await screen.findByText('Review 27 possible duplicates')).toBeTruthy();
  const cell = await screen.findByRole('link', { name: /Recency 5, frequency 5/ });
  expect(cell.getAttribute('href')).toBe('/customers?r=5&f=5');
});

it('gives every chart a table with the same figures', async () => {
  await renderApp('/');
  const chart = await screen.findByRole('region', { name: 'Net sales by month' });
  fireEvent.click(within(chart).getByRole('button', { name: 'Show as table' }));
  expect(within(chart).getByRole('table')).toBeTruthy();
  expect(within(chart).getAllByRole('row').length).toBe(25);
});

it('invites to bring data while there is none', async () => {
  const empty = { as_of: '2026-11-20', data_until: null, currency: 'SGD', kpis: [] };
  await renderApp('/', (sent) =>
    sent.path.startsWith('/jobs')
      ? { body: { items: [], next: null, total: { count: 0, exact: true } } }
      : on('GET', '/reports/home', { body: empty })(sent),
  );
  expect(await screen.findByRole('button', { name: 'Make a sample chain' })).toBeTruthy();
});

it('lists customers, sorts and filters through the address', async () => {
  const { log, router } = await renderApp('/customers?tier=gold');
  const table = await screen.findByRole('table', { name: 'Customers' });
  expect(within(table).getAllByRole('row').length).toBeLessThan(60);
  expect(screen.getByText('Tier: Gold')).toBeTruthy();
  fireEvent.click(within(table).getByRole('button', { name: 'Orders' }));
  await waitFor(() => expect(router.state.location.href).toContain('sort=-frequency'));
  await waitFor(() =>
    expect(log.some(({ path }) => path === '/customers?sort=-frequency&tier=gold')).toBe(true),
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Remove: Tier: Gold' }));
  await waitFor(() => expect(router.state.location.href).not.toContain('tier'));
});

/** A list of 200 customers on two pages, of which the second is told otherwise by a test. */
function twoPages(second: () => { body: unknown } | undefined) {
  const page = (from: number, next: string | null) => ({
    body: {
      items: Array.from({ length: 100 }, (_, at) => ({
        id: `cus_${from + at}`,
        number: `C${from + at}`,
        name: `Person ${from + at}`,
        monetary: { amount: 100, currency: 'SGD' },
        frequency: 1,
      })),
      next,
      total: { count: 200, exact: true },
    },
  });
  return ({ path }: Sent) => {
    if (!path.startsWith('/customers')) return undefined;
    return path.includes('cursor=abc') ? (second() ?? page(100, null)) : page(0, 'abc');
  };
}

async function scrollTo(top: number) {
  const table = await screen.findByRole('table', { name: 'Customers' });
  fireEvent.scroll(table.parentElement as HTMLElement, { target: { scrollTop: top } });
}

it('asks for further pages by the cursor', async () => {
  const { log } = await renderApp(
    '/customers',
    twoPages(() => undefined),
  );
  expect(await screen.findByText('200 customers')).toBeTruthy();
  expect(log.some(({ path }) => path.includes('cursor'))).toBe(false);
  await scrollTo(3_000);
  await waitFor(() => expect(log.some(({ path }) => path.includes('cursor=abc'))).toBe(true));
  await scrollTo(5_000);
  expect(await screen.findByText('Person 125')).toBeTruthy();
});

it('says when a further page does not come, and asks again', async () => {
  let refused = false;
  await renderApp(
    '/customers',
    twoPages(() => {
      if (refused) return undefined;
      refused = true;
      return problem(422, 'nonsense');
    }),
  );
  await scrollTo(3_000);
  const alert = await screen.findByRole('alert');
  expect(screen.getByText('Person 75')).toBeTruthy();
  fireEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  await scrollTo(5_000);
  expect(await screen.findByText('Person 125')).toBeTruthy();
});

it('says what went wrong, with the id to quote', async () => {
  const refused = { ...problem(422, 'nonsense'), requestId: 'req-77' };
  await renderApp('/customers', on('GET', '/customers', refused));
  const alert = await screen.findByRole('alert');
  expect(within(alert).getByText('Some entries are not valid.')).toBeTruthy();
  expect(within(alert).getByText('req-77')).toBeTruthy();
  expect(within(alert).getByRole('button', { name: 'Try again' })).toBeTruthy();
});

it('says when a person may not see a screen', async () => {
  await renderApp('/customers', on('GET', '/customers', problem(403, 'forbidden')), 'zh');
  expect(await screen.findByText('您没有权限查看此内容，请联系管理员。')).toBeTruthy();
});

it('explains a tier and what the next one takes', async () => {
  await renderApp('/customers/cus_0000000000005');
  const why = await screen.findByRole('region', { name: 'Why this tier?' });
  await within(why).findByText('The figures reach VIP.');
  expect(within(why).getByText('needs at least SGD 1,000.00')).toBeTruthy();
  expect(within(why).getByText(/1,035\.90 more/)).toBeTruthy();
});

it('opens an order to its lines', async () => {
  await renderApp('/customers/cus_0000000000005');
  fireEvent.click(await screen.findByRole('button', { name: /Order SG01-88213/ }));
  expect(await screen.findByText('Merino roll-neck, navy, M')).toBeTruthy();
});

it('sends only what was changed, and keeps the entries when somebody was faster', async () => {
  let refused = false;
  const { log } = await renderApp('/customers/cus_0000000000005', (sent) => {
    if (sent.method !== 'PATCH' || refused) return undefined;
    refused = true;
    return problem(412, 'stale');
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  const city = await screen.findByLabelText('City');
  fireEvent.change(city, { target: { value: 'Ipoh' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Save my changes over it' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const edits = log.filter(({ method }) => method === 'PATCH');
  expect(edits.map(({ body }) => body)).toEqual([{ city: 'Ipoh' }, { city: 'Ipoh' }]);
  expect(edits[1]?.headers.get('If-Match')).toBe('"v3"');
  expect(edits[1]?.headers.get('X-Clientele')).toBe('1');
});

it('offers a way to sign in again during an edit, and keeps the entries', async () => {
  await renderApp('/customers/cus_0000000000005', (sent) =>
    sent.method === 'PATCH' ? problem(401, 'not_signed_in') : undefined,
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  fireEvent.change(await screen.findByLabelText('City'), { target: { value: 'Ipoh' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  const alert = await screen.findByRole('alert');
  expect(within(alert).getByText(/press Save again/)).toBeTruthy();
  const link = within(alert).getByRole('link', { name: /^Sign in/ });
  expect(link.getAttribute('href')).toBe('/sign-in');
  expect(link.getAttribute('target')).toBe('_blank');
  expect(screen.getByDisplayValue('Ipoh')).toBeTruthy();
});

it('does not send to the sign-in for a wrong password', async () => {
  await renderApp('/sign-in', on('POST', '/session', problem(401, 'sign_in_failed')));
  fireEvent.change(await screen.findByLabelText('E-mail'), { target: { value: 'a@b.sg' } });
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'long enough' } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  const alert = await screen.findByRole('alert');
  expect(within(alert).queryByRole('link')).toBeNull();
});

it('moves, peeks and opens by keyboard', async () => {
  const { router } = await renderApp('/customers');
  const table = await screen.findByRole('table', { name: 'Customers' });
  await act(async () => {
    fireEvent.keyDown(window, { key: 'j' });
    await new Promise((done) => requestAnimationFrame(done));
  });
  const row = within(table).getAllByRole('row')[1];
  if (!row) throw new Error('The list has rows.');
  fireEvent.keyDown(row, { key: ' ' });
  expect(await screen.findByRole('complementary')).toBeTruthy();
  fireEvent.keyDown(row, { key: 'Enter' });
  await waitFor(() => expect(router.state.location.href).toContain('/customers/cus_'));
});

it('leads a stranger to the sign-in and back', async () => {
  let signedIn = false;
  const { log, router } = await renderApp('/customers?tier=gold', (sent) => {
    if (sent.path !== '/session') return undefined;
    if (sent.method === 'POST') signedIn = true;
    return signedIn ? undefined : problem(401, 'not_signed_in');
  });
  fireEvent.change(await screen.findByLabelText('E-mail'), { target: { value: 'a@b.sg' } });
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'long enough' } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => expect(router.state.location.href).toBe('/customers?tier=gold'));
  expect(log.find(({ method }) => method === 'POST')?.body).toEqual({
    email: 'a@b.sg',
    password: 'long enough',
    code: null,
  });
});
