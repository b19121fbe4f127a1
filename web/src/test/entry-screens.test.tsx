import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { doneImport, rejects, schemes } from './data-fixtures';
import { renderApp, type Sent } from './render-app';

type Reply = { status?: number; body: unknown; etag?: string };

/** Answers by method and path; anything else goes to the mock. */
const serving = (replies: Record<string, Reply>) => (sent: Sent) =>
  replies[`${sent.method} ${sent.path.split('?')[0]}`];

const sentTo = (log: Sent[], method: string, path: string) =>
  log.filter((sent) => sent.method === method && sent.path === path);

const type = (field: Element, value: string) => {
  fireEvent.focus(field);
  fireEvent.change(field, { target: { value } });
};

it('keeps a scheme from being saved while a figure cannot be read', async () => {
  const { log } = await renderApp(
    '/tiers/edit',
    serving({
      'GET /tier-scheme': { body: schemes, etag: '"v0"' },
      'PUT /tier-scheme/draft': {
        body: { ...schemes, draft: { ...schemes.published, edit: 1 } },
        etag: '"v1"',
      },
    }),
  );
  const [spend] = await screen.findAllByLabelText('Spend at least');
  if (!spend) throw new Error('The scheme asks for spend.');
  type(spend, '3,5OO');
  expect(await screen.findByText('This is not a number.')).toBeTruthy();
  expect(spend.getAttribute('aria-invalid')).toBe('true');
  for (const name of ['Save draft', 'Simulate', 'Publish']) {
    fireEvent.click(screen.getByRole('button', { name }));
  }
  expect(document.activeElement).toBe(spend);
  type(screen.getByLabelText('Window'), '90.5');
  expect(await screen.findByText('Use a whole number.')).toBeTruthy();
  type(screen.getByLabelText('Window'), '９０');
  type(spend, '99999999999999999999');
  expect(await screen.findByText('This number is too large.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Save draft' }));
  expect(sentTo(log, 'PUT', '/tier-scheme/draft')).toEqual([]);
  expect(sentTo(log, 'POST', '/tier-scheme/draft/simulate')).toEqual([]);

  type(spend, '１，２００');
  fireEvent.click(screen.getByRole('button', { name: 'Save draft' }));
  await waitFor(() => expect(sentTo(log, 'PUT', '/tier-scheme/draft').length).toBe(1));
  expect(sentTo(log, 'PUT', '/tier-scheme/draft')[0]?.body).toMatchObject({
    window_days: 90,
    levels: [{}, { thresholds: { spend: 120_000 } }],
  });
});

it('takes over what the data of a first run says already', async () => {
  const setup = {
    needs_setup: true,
    chain_name: 'Harbour & Co',
    version: '0.1.0',
    reporting_currency: 'SGD',
    currency_is_fixed: true,
    time_zone: 'Asia/Singapore',
  };
  const refused = { status: 401, body: { status: 401, code: 'not_signed_in' } };
  const { log } = await renderApp(
    '/setup',
    serving({ 'GET /setup': { body: setup }, 'GET /session': refused }),
  );
  const currency = await screen.findByLabelText('Reporting currency');
  expect((currency as HTMLInputElement).value).toBe('SGD · Singapore Dollar');
  expect((currency as HTMLInputElement).readOnly).toBe(true);
  for (const label of ['Your name', 'E-mail', 'Password']) {
    type(screen.getByLabelText(label), 'a-long-enough@text.sg');
  }
  fireEvent.click(screen.getByRole('button', { name: 'Create and continue' }));
  await waitFor(() => expect(sentTo(log, 'POST', '/setup').length).toBe(1));
  expect(sentTo(log, 'POST', '/setup')[0]?.body).toMatchObject({
    chain_name: 'Harbour & Co',
    reporting_currency: 'SGD',
    time_zone: 'Asia/Singapore',
  });
});

const rates = Array.from({ length: 36 }, (_, at) => ({
  currency: 'USD',
  valid_from: `2026-0${1 + Math.floor(at / 18)}-${10 + (at % 18)}`,
  rate: '1.35',
}));

it('puts a new rate on top, marks what is wrong with it, and asks before it is lost', async () => {
  const { log, router } = await renderApp(
    '/settings?tab=rates',
    serving({
      'GET /exchange-rates': { body: rates, etag: '"v3"' },
      'PUT /exchange-rates': { body: rates, etag: '"v4"' },
    }),
  );
  const days = await screen.findAllByLabelText('Valid from');
  expect((days[0] as HTMLInputElement).value).toBe('2026-02-27');
  fireEvent.click(screen.getByRole('button', { name: 'Add a rate' }));
  const [currency] = screen.getAllByLabelText('Currency');
  const [worth] = screen.getAllByLabelText(/^Worth in/);
  if (!currency || !worth) throw new Error('The table has fields.');
  await waitFor(() => expect(document.activeElement).toBe(currency));
  type(currency, 'eur');
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('A rate is a number above zero.')).toBeTruthy();
  expect(screen.getByText(/^1 rate cannot be saved like this/)).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(worth));
  expect(sentTo(log, 'PUT', '/exchange-rates')).toEqual([]);

  const ask = vi.fn(() => false);
  vi.stubGlobal('confirm', ask);
  fireEvent.click(screen.getByRole('tab', { name: 'People' }));
  await waitFor(() => expect(ask).toHaveBeenCalled());
  expect(router.state.location.href).toBe('/settings?tab=rates');

  type(worth, '１．４５');
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(sentTo(log, 'PUT', '/exchange-rates').length).toBe(1));
  const put = sentTo(log, 'PUT', '/exchange-rates')[0];
  expect(put?.headers.get('If-Match')).toBe('"v3"');
  const saved = put?.body as { currency: string; rate: string }[] | undefined;
  expect(saved?.[0]).toMatchObject({ currency: 'EUR', rate: '1.45' });
  expect(saved?.length).toBe(37);
});

it('leads from a row that was rejected again to the import where it waits', async () => {
  const row = { ...rejects.items[0], resolved: true, waits_in: 'imp_3' };
  await renderApp(
    '/imports/imp_1',
    serving({
      'GET /imports/imp_1': { body: doneImport },
      'GET /imports/imp_1/rejects': { body: { ...rejects, items: [row] } },
    }),
  );
  const link = await screen.findByRole('link', { name: 'Waits in another import' });
  expect(link.getAttribute('href')).toBe('/imports/imp_3');
  expect(screen.queryByText('Imported since')).toBeNull();
  expect(screen.getByText(/^Nothing is left to correct here/)).toBeTruthy();
});

it('says of an undone import only what is still true', async () => {
  await renderApp(
    '/imports/imp_1',
    serving({
      'GET /imports/imp_1': { body: { ...doneImport, state: 'undone', can: [] } },
      'GET /imports/imp_1/rejects': { body: rejects },
    }),
  );
  const wrong = await screen.findByRole('region', { name: 'Rows that are wrong' });
  expect(within(wrong).getByText(/had come in before the import was undone/)).toBeTruthy();
  expect(await within(wrong).findByText('Line 1,042')).toBeTruthy();
  expect(within(wrong).queryByRole('button', { name: 'Correct' })).toBeNull();
  expect(screen.getByRole('region', { name: /^What had come in before/ })).toBeTruthy();
  expect(screen.getByText(/^Before it was undone: 9,812 new/)).toBeTruthy();
});

it('does not call a file known of which every row is wrong', async () => {
  const rows = { total: 48, done: 48, new: 0, updated: 0, unchanged: 0, rejected: 48 };
  await renderApp(
    '/imports/imp_1',
    serving({
      'GET /imports/imp_1': { body: { ...doneImport, rows } },
      'GET /imports/imp_1/rejects': { body: rejects },
    }),
  );
  expect(await screen.findByText(/^No row brings anything new/)).toBeTruthy();
  expect(screen.queryByText(/already known/)).toBeNull();
});

it('offers another file when one cannot be read', async () => {
  const { router } = await renderApp(
    '/imports/new?upload=upl_1&name=sales.csv&kind=orders&source=Till',
    serving({
      'POST /imports/preview': { status: 422, body: { status: 422, code: 'file_binary' } },
    }),
  );
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Another file' }));
  await waitFor(() => expect(router.state.location.href).not.toContain('upload='));
});
