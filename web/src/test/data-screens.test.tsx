import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import {
  doneImport,
  list,
  pairs,
  preview,
  rejects,
  schemes,
  settings,
  simulation,
} from './data-fixtures';
import { renderApp, type Sent } from './render-app';

type Reply = { status?: number; body: unknown; etag?: string };

/** Answers by method and path; anything else goes to the mock. */
const serving = (replies: Record<string, Reply>) => (sent: Sent) =>
  replies[`${sent.method} ${sent.path.split('?')[0]}`];

const bodyOf = (log: Sent[], method: string, path: string) =>
  log.findLast((sent) => sent.method === method && sent.path === path)?.body;

const type = (field: Element, value: string) => {
  fireEvent.focus(field);
  fireEvent.change(field, { target: { value } });
};

const mapAddress = '/imports/new?upload=upl_1&name=sales.csv&kind=orders&source=Till';

it('says plainly what a mapping lacks, and sends the whole mapping when it changes', async () => {
  const { log } = await renderApp(
    mapAddress,
    serving({ 'POST /imports/preview': { body: preview } }),
  );
  expect(await screen.findByText('Still needed: Amount paid')).toBeTruthy();
  const check = screen.getByRole('button', { name: 'Check the file' });
  expect((check as HTMLButtonElement).disabled).toBe(true);
  type(screen.getByLabelText('Field for the column 下单时间'), '');
  type(screen.getByLabelText('Field for the column 金额'), 'order_paid');
  await waitFor(() =>
    expect(bodyOf(log, 'POST', '/imports/preview')).toMatchObject({
      options: { mapping: { order_number: '订单号', ordered_at: '下单时间', order_paid: '金额' } },
    }),
  );
});

it('starts with a dry run', async () => {
  const ready = { ...preview, problems: [] };
  const dry = { ...doneImport, id: 'imp_2', dry_run: true, can: ['run'] };
  const { log, router } = await renderApp(
    mapAddress,
    serving({
      'POST /imports/preview': { body: ready },
      'POST /imports': { body: dry },
      'GET /imports/imp_2': { body: dry },
      'GET /imports/imp_2/rejects': { body: rejects },
    }),
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Check the file' }));
  expect(await screen.findByText('9,812 new · 140 updated · 48 wrong')).toBeTruthy();
  expect(bodyOf(log, 'POST', '/imports')).toMatchObject({ dry_run: true, upload_id: 'upl_1' });
  expect(router.state.location.href).toContain('/imports/imp_2');
  expect(screen.getByRole('button', { name: 'Import now' })).toBeTruthy();
});

it('mends rejected rows on the spot and gives them again', async () => {
  const { log } = await renderApp(
    '/imports/imp_1',
    serving({
      'GET /imports/imp_1': { body: doneImport },
      'GET /imports/imp_1/rejects': { body: rejects },
      'POST /imports/imp_1/rejects/retry': { body: { ...doneImport, id: 'imp_3' } },
      'GET /imports/imp_3': { body: { ...doneImport, id: 'imp_3' } },
      'GET /imports/imp_3/rejects': { body: rejects },
    }),
  );
  expect(await screen.findByText(/"2026-13-45" is not a date/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Correct' }));
  type(screen.getByLabelText('Date'), '2026-12-05');
  fireEvent.click(screen.getByRole('button', { name: 'Import corrected rows' }));
  await waitFor(() =>
    expect(bodyOf(log, 'POST', '/imports/imp_1/rejects/retry')).toEqual({
      rows: [{ line: 1042, cells: ['1001', '2026-12-05', '12.50'] }],
    }),
  );
});

it('gives the reason of a rejected row in Chinese', async () => {
  await renderApp(
    '/imports/imp_1',
    serving({
      'GET /imports/imp_1': { body: doneImport },
      'GET /imports/imp_1/rejects': { body: rejects },
    }),
    'zh',
  );
  expect(await screen.findByText('新增 9,812 · 更新 140 · 有误 48')).toBeTruthy();
  expect(await screen.findByText(/“2026-13-45”不是可识别的日期。/)).toBeTruthy();
});

it('merges into the chosen record by keyboard and goes on to the next pair', async () => {
  const { log } = await renderApp(
    '/duplicates',
    serving({
      'GET /duplicates': { body: pairs },
      'POST /duplicates/dup_1/merge': { body: { id: 'mrg_1' } },
    }),
  );
  expect(await screen.findByText('98% likely the same person')).toBeTruthy();
  expect(screen.getByRole('img', { name: 'Different' }).textContent).toBe('≠');
  fireEvent.keyDown(window, { key: 'b' });
  fireEvent.keyDown(window, { key: 'm' });
  await waitFor(() =>
    expect(bodyOf(log, 'POST', '/duplicates/dup_1/merge')).toEqual({ winner_id: 'cus_Wei Li' }),
  );
  expect(await screen.findByRole('link', { name: '王小明' })).toBeTruthy();
});

it('invites to look for duplicates where none wait', async () => {
  await renderApp('/duplicates', serving({ 'GET /duplicates': { body: list([]) } }));
  expect(await screen.findByRole('button', { name: 'Look for duplicates' })).toBeTruthy();
});

it('saves the draft over the edit it was read at before it simulates', async () => {
  const { log } = await renderApp(
    '/tiers/edit',
    serving({
      'GET /tier-scheme': { body: schemes, etag: '"v0"' },
      'PUT /tier-scheme/draft': {
        body: { ...schemes, draft: { ...schemes.published, edit: 1 } },
        etag: '"v1"',
      },
      'POST /tier-scheme/draft/simulate': { body: simulation },
    }),
  );
  const [spend] = await screen.findAllByLabelText('Spend at least');
  if (spend) type(spend, '1200.50');
  fireEvent.click(screen.getByRole('button', { name: 'Simulate' }));
  expect(await screen.findByText(/1,204 customers would move up, 310 down/)).toBeTruthy();
  const put = log.find(({ method }) => method === 'PUT');
  expect(put?.headers.get('If-Match')).toBe('"v0"');
  expect(put?.body).toMatchObject({
    levels: [{ code: 'member' }, { code: 'gold', thresholds: { spend: 120_050, frequency: 10 } }],
  });
});

it('puts what is wrong with a scheme at its field', async () => {
  const problems = [{ path: 'levels.1.thresholds.spend', kind: 'not_higher' }];
  await renderApp(
    '/tiers/edit',
    serving({
      'GET /tier-scheme': { body: schemes, etag: '"v0"' },
      'PUT /tier-scheme/draft': {
        status: 422,
        body: { status: 422, code: 'scheme_invalid', params: { problems } },
      },
    }),
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Simulate' }));
  expect(
    await screen.findByText('A level must ask for at least as much as the one below.'),
  ).toBeTruthy();
});

it('offers both ways out when somebody else saved the draft', async () => {
  await renderApp(
    '/tiers/edit',
    serving({
      'GET /tier-scheme': { body: schemes, etag: '"v0"' },
      'PUT /tier-scheme/draft': { status: 412, body: { status: 412, code: 'stale' } },
    }),
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Simulate' }));
  expect(await screen.findByRole('button', { name: 'Keep mine' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Load the other' })).toBeTruthy();
});

it('links every cell and group to its customers', async () => {
  await renderApp('/rfm');
  const cell = await screen.findByRole('link', { name: /^R5 F5:/ });
  expect(cell.getAttribute('href')).toBe('/customers?r=5&f=5');
  const groups = await screen.findByRole('region', { name: 'Groups' });
  const [first] = within(groups).getAllByRole('link');
  expect(first?.getAttribute('href')).toContain('/customers?rfm_group=');
});

it('sends only the settings that changed, and says when somebody was faster', async () => {
  const { log } = await renderApp(
    '/settings',
    serving({
      'GET /settings': { body: settings, etag: '"v7"' },
      'PATCH /settings': { status: 412, body: { status: 412, code: 'stale' } },
    }),
  );
  type(await screen.findByLabelText('Lapsed after'), '180');
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByRole('button', { name: 'Load the new version' })).toBeTruthy();
  const patch = log.find(({ method }) => method === 'PATCH');
  expect(patch?.headers.get('If-Match')).toBe('"v7"');
  expect(patch?.body).toEqual({ lapse_days: 180 });
});

it('asks before settings that are not saved are left', async () => {
  const confirm = vi.fn(() => false);
  vi.stubGlobal('confirm', confirm);
  const { router } = await renderApp(
    '/settings',
    serving({
      'GET /settings': { body: settings, etag: '"v7"' },
      'GET /sessions': { body: list([]) },
      'GET /tokens': { body: list([]) },
    }),
  );
  type(await screen.findByLabelText('Lapsed after'), '180');
  fireEvent.click(screen.getByRole('tab', { name: 'My access' }));
  await waitFor(() => expect(confirm).toHaveBeenCalledOnce());
  expect(router.state.location.href).toBe('/settings');
  expect(screen.getByDisplayValue('180')).toBeTruthy();
  confirm.mockReturnValue(true);
  fireEvent.click(screen.getByRole('tab', { name: 'My access' }));
  expect(await screen.findByRole('button', { name: 'Create a token' })).toBeTruthy();
});

it('shows the secret of a new token once', async () => {
  await renderApp(
    '/settings?tab=access',
    serving({
      'GET /sessions': { body: list([]) },
      'GET /tokens': { body: list([]) },
      'POST /tokens': { body: { id: 'tok_1', name: 'Till', secret: 'clt_secret' } },
    }),
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Create a token' }));
  const dialog = await screen.findByRole('dialog');
  type(within(dialog).getByLabelText('What it is for'), 'Till');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Create a token' }));
  expect(await within(dialog).findByDisplayValue('clt_secret')).toBeTruthy();
  fireEvent.click(within(dialog).getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByDisplayValue('clt_secret')).toBeNull());
});

it('offers only what a job can do now', async () => {
  const { log } = await renderApp('/jobs');
  fireEvent.click(await screen.findByRole('button', { name: 'Pause' }));
  await waitFor(() =>
    expect(log.some(({ method, path }) => method === 'POST' && /jobs\/.+\/pause/.test(path))).toBe(
      true,
    ),
  );
  expect(screen.queryByRole('button', { name: 'Start again' })).toBeNull();
});

it('says when a person may not see the figures', async () => {
  const refused = { status: 403, body: { status: 403, code: 'forbidden' } };
  await renderApp('/rfm', serving({ 'GET /reports/rfm': refused }));
  expect(await screen.findByText(/You do not have permission to see this/)).toBeTruthy();
});
