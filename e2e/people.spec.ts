import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chain, startChain } from './lib/chain';
import { Client } from './lib/client';
import { DESK, LOOKS, launchBrowser, PAIRS, PHONE, Visitor } from './lib/visitor';

interface Row {
  id: string;
  name: string;
  email?: string;
  unit_id?: string;
}
interface List {
  items: Row[];
  total: { count: number };
}

const PASSWORD = 'another long password';

let browser: Browser;
let chain: Chain;
/** A store, the country it lies in, and how many customers belong to each, and to all. */
let store: Row;
let country: Row;
const expected = { clerk: 0, store_manager: 0, head_of_crm: 0 };

async function customers(query = ''): Promise<number> {
  const list = await chain.client.call<List>('GET', `/api/customers?limit=1${query}`);
  return list.total.count;
}

/** Lets somebody look after so many customers. */
async function lookAfter(email: string, count: number): Promise<void> {
  const { client } = chain;
  const { items: people } = await client.call<List>('GET', '/api/users');
  const owner = people.find((one) => one.email === email);
  const { items } = await client.call<List>('GET', `/api/customers?limit=${count}`);
  for (const { id } of items) {
    const path = `/api/customers/${id}`;
    const { version } = await client.call<{ version: number }>('GET', path);
    const headers = { 'if-match': `"v${version}"` };
    await client.call('PUT', `${path}/owner`, { owner_id: owner?.id }, headers);
  }
}

beforeAll(async () => {
  browser = await launchBrowser();
  chain = await startChain(2_000);
  const { items: stores } = await chain.client.call<List>('GET', '/api/stores');
  const { items: units } = await chain.client.call<List>('GET', '/api/units');
  const found = stores.find((one) => one.unit_id);
  const around = units.find((unit) => unit.id === found?.unit_id);
  if (!found || !around) throw new Error('the sample chain has stores in countries');
  [store, country] = [found, around];
  expected.head_of_crm = await customers();
  for (const one of stores) {
    const count = await customers(`&store_id=${one.id}`);
    if (one.id === store.id) expected.clerk = count;
    if (one.unit_id === country.id) expected.store_manager += count;
  }
  const add = (role: string, place: object) =>
    chain.client.call('POST', '/api/users', {
      name: role,
      email: `${role}@example.com`,
      password: PASSWORD,
      language: 'en',
      roles: [role],
      ...place,
    });
  await add('clerk', { store_id: store.id });
  await add('store_manager', { unit_id: country.id });
  await add('head_of_crm', {});
});
afterAll(async () => {
  await chain.program.stop();
  await browser.close();
});

test.each([DESK, { ...PHONE, language: 'zh' as const, scheme: 'dark' as const }])(
  'somebody gets a role and a place ($language, $width)',
  async (look) => {
    await chain.client.call('PATCH', '/api/session', { language: look.language });
    const visitor = await Visitor.open(browser, chain.program.address, look, chain.client.cookie);
    const { page } = visitor;
    await visitor.goto('/settings?tab=users');
    await visitor.press(visitor.button('people.add'));
    const name = `欧阳娜娜 ${look.language}`;
    await visitor.write(visitor.field('people.name'), name);
    await visitor.write(visitor.field('people.email'), `nana-${look.language}@example.com`);
    await visitor.write(visitor.field('people.password'), PASSWORD);
    await visitor.tick(page.getByLabel(visitor.text('people.role.clerk'), { exact: true }));
    await visitor.press(page.getByRole('combobox', { name: visitor.text('people.place.title') }));
    const place = visitor.text('people.place.store', { name: store.name });
    await page.getByRole('option', { name: place }).click();
    await visitor.expectNoFlaw();
    await visitor.picture('person');
    await visitor.press(visitor.button('common.action.save'));
    const row = page.getByRole('row', { name: new RegExp(name) });
    await row.getByText(store.name).waitFor();
    await visitor.expectNoFlaw();

    await visitor.goto('/settings?tab=roles');
    await visitor.press(visitor.button('people.role_add'));
    await page
      .getByRole('textbox', { name: visitor.text('people.role_name'), exact: true })
      .fill(`VIP ${name}`);
    await page.getByRole('combobox', { name: visitor.text('people.role_start') }).click();
    const start = visitor.text('people.role.store_manager');
    await page.getByRole('option', { name: start, exact: true }).click();
    await visitor.expectNoFlaw();
    await visitor.picture('role');
    await visitor.press(visitor.button('common.action.save'));
    await page.getByText(`VIP ${name}`).first().waitFor();
    await visitor.expectNoFlaw();
    await visitor.picture('roles');

    await visitor.goto('/settings?tab=organisation');
    await visitor.press(visitor.button('people.unit_add'));
    await page
      .getByRole('textbox', { name: visitor.text('people.name'), exact: true })
      .fill(`Outlets ${name}`);
    await visitor.press(visitor.button('common.action.save'));
    await page.getByText(`Outlets ${name}`).first().waitFor();
    await visitor.expectNoFlaw();
    await visitor.picture('organisation');
    await visitor.close();
  },
);

/** What each of them finds in the navigation beside the list of customers. */
const SEES: [keyof typeof expected, string[], string[]][] = [
  ['clerk', ['customers'], ['home', 'tiers', 'analytics', 'duplicates', 'imports', 'settings']],
  ['store_manager', ['home', 'customers', 'analytics'], ['duplicates', 'imports', 'settings']],
  ['head_of_crm', ['home', 'customers', 'tiers', 'duplicates', 'imports', 'settings'], []],
];

test.each(LOOKS.filter(({ width, scheme }) => width === 1440 && scheme === 'light'))(
  'three people see three truths of the same screens ($language)',
  async (look) => {
    for (const [role, shown, hidden] of SEES) {
      const own = await Client.signIn(chain.program.address, `${role}@example.com`, PASSWORD);
      await own.call('PATCH', '/api/session', { language: look.language });
      const visitor = await Visitor.open(browser, chain.program.address, look, own.cookie);
      const { page } = visitor;
      await visitor.goto('/');
      for (const item of shown) {
        await visitor.link(`nav.item.${item}`).first().waitFor();
      }
      for (const item of hidden) {
        expect(await visitor.link(`nav.item.${item}`).count(), `${role} ${item}`).toBe(0);
      }
      await visitor.expectNoFlaw();
      await visitor.goto('/customers');
      const count = expected[role].toLocaleString('en');
      await page.getByRole('status').filter({ hasText: count }).waitFor();
      await visitor.expectNoFlaw();
      if (role !== 'clerk') {
        await visitor.goto('/rfm');
        await visitor.expectNoFlaw();
      }
      await visitor.close();
    }
    expect(expected.clerk).toBeLessThan(expected.store_manager);
    expect(expected.store_manager).toBeLessThan(expected.head_of_crm);
  },
);

test.each(PAIRS)(
  'somebody is invited, joins, and leaves again ($language, $width, $scheme)',
  async (look) => {
    await chain.client.call('PATCH', '/api/session', { language: look.language });
    const visitor = await Visitor.open(browser, chain.program.address, look, chain.client.cookie);
    const { page } = visitor;
    const name = `欧阳娜娜司马相如 Mei ${look.language} ${look.width}`;
    await visitor.goto('/settings?tab=users');
    await visitor.press(visitor.button('people.add'));
    await visitor.write(visitor.field('people.name'), name);
    const email = `mei.${look.language}.${look.width}@example.com`;
    await visitor.write(visitor.field('people.email'), email);
    await visitor.tick(page.getByLabel(visitor.text('people.role.analyst'), { exact: true }));
    await visitor.press(visitor.button('common.action.save'));
    const link = visitor.field('people.invite.link');
    await link.waitFor();
    await visitor.expectNoFlaw();
    const address = await link.inputValue();
    await visitor.press(visitor.button('common.action.done'));
    const row = page.getByRole('row', { name: new RegExp(name) });
    const [invited = ''] = visitor.text('people.invited', { at: '|' }).split('|');
    await row.getByText(invited.trim()).waitFor();

    const guest = await Visitor.open(browser, chain.program.address, look);
    await guest.goto(address);
    await guest.heading('account.join.welcome', { name }).waitFor();
    await guest.expectNoFlaw();
    await guest.picture('join');
    await guest.write(guest.field('account.join.password'), PASSWORD);
    await guest.press(guest.button('account.join.submit'));
    await guest.page.waitForURL(`${chain.program.address}/`);
    await guest.expectNoFlaw();
    await guest.goto('/sign-in');
    await guest.goto(address);
    await guest.page.getByText(guest.text('problems.invitation_over')).waitFor();
    await guest.expectNoFlaw();
    await guest.close();

    await lookAfter(email, 3);
    await visitor.goto('/settings?tab=users');
    await visitor.press(
      page.getByRole('button', { name: visitor.text('people.edit_named', { name }) }),
    );
    await visitor.press(visitor.button('people.leave.open'));
    await page
      .getByRole('heading', { name: visitor.text('people.leave.title', { name }) })
      .waitFor();
    const handed = visitor.text('people.leave.customers_other', { number: 3 });
    await page.getByText(handed).waitFor();
    await visitor.expectNoFlaw();
    await visitor.picture('leave');
    await visitor.press(visitor.button('people.leave.confirm'));
    await page.getByText(visitor.text('people.leave.done', { name })).waitFor();
    await row.getByText(visitor.text('people.inactive')).waitFor();
    await visitor.expectNoFlaw();
    await visitor.close();
  },
);

test.each([DESK, { ...PHONE, language: 'zh' as const, scheme: 'dark' as const }])(
  'the audit log of some days is taken away, which it tells of ($language, $width)',
  async (look) => {
    await chain.client.call('PATCH', '/api/session', { language: look.language });
    const visitor = await Visitor.open(browser, chain.program.address, look, chain.client.cookie);
    const { page } = visitor;
    await visitor.goto('/settings?tab=audit&noun=user');
    await visitor.expectNoFlaw();
    const created = visitor.text('settings.audit.sentence', {
      action: visitor.text('settings.audit.actions.create'),
      noun: visitor.text('settings.audit.nouns.user'),
    });
    await page.getByText(created).first().waitFor();
    await visitor.field('settings.audit.until').fill('2020-01-31');
    await page.getByText(visitor.text('settings.audit.empty')).waitFor();
    await visitor.expectNoFlaw();
    await visitor.field('settings.audit.until').fill('');
    await page.getByText(created).first().waitFor();

    await visitor.press(visitor.button('customers.export.title'));
    const download = page.waitForEvent('download');
    await visitor.press(
      page.getByRole('menuitem', { name: visitor.text('settings.audit.as_jsonl') }),
    );
    const path = await (await download).path();
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    const nouns = new Set(lines.map((line) => JSON.parse(line).noun));
    expect([...nouns]).toEqual(['user']);
    await visitor.goto('/settings?tab=audit&noun=audit');
    await page
      .getByText(visitor.text('settings.audit.actions.export'), { exact: false })
      .first()
      .waitFor();
    await visitor.expectNoFlaw();
    await visitor.close();
  },
);
