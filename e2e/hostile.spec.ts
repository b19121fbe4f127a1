import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, Client } from './lib/client';
import { command, newDataFolder, type Program, startProgram } from './lib/program';
import { DESK, launchBrowser, PHONE, Visitor } from './lib/visitor';

/** A text that would become an element, and run, on a page that does not show it as text. */
const hostile = (name: string) => `${name}"'><img src=x onerror=alert(1)><b class=hostile>`;

let browser: Browser;
let program: Program;
let client: Client;
const screens = [
  '/',
  '/customers',
  '/rfm',
  '/tiers',
  '/tiers/edit',
  '/duplicates',
  '/imports',
  '/jobs',
];
const tabs = ['', 'rates', 'users', 'roles', 'organisation', 'audit', 'access', 'system'];

interface Schemes {
  published: { levels: { code: string }[] };
}

function row(...cells: string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
}

/** A chain in which every text that somebody may choose is hostile. */
beforeAll(async () => {
  browser = await launchBrowser();
  const data = newDataFolder();
  const files: [string, string][] = [
    [
      'stores',
      row('store code', 'store name', 'country', 'currency') +
        row('S1', hostile('Orchard'), 'SG', 'SGD'),
    ],
    [
      'products',
      row('sku', 'product name', 'category', 'brand') +
        row('P1', hostile('Shirt'), hostile('Tops'), hostile('Own')),
    ],
    [
      'customers',
      row('customer id', 'name', 'email', 'phone', 'city', 'address', 'note') +
        ['1', '2'].reduce(
          (rows, id) =>
            rows +
            row(
              id,
              hostile('Mei'),
              `mei${id}@example.com`,
              `+65 9123 456${id}`,
              hostile('Singapore'),
              hostile('Road'),
              hostile('Note'),
            ),
          '',
        ),
    ],
    [
      'orders',
      row(
        'order id',
        'order date',
        'customer id',
        'store code',
        'sku',
        'product name',
        'quantity',
        'unit price',
        'currency',
      ) +
        row(
          hostile('A1'),
          '2026-01-14 10:05',
          '1',
          'S1',
          'P1',
          hostile('Shirt'),
          '1',
          '89.00',
          'SGD',
        ) +
        row('A2', '2026-13-40', hostile('1'), 'S1', 'P1', hostile('Shirt'), '1', '89.00', 'SGD'),
    ],
  ];
  await command('settings', 'set', 'reporting_currency', 'SGD', '--data', data);
  for (const [kind, text] of files) {
    const file = join(data, `${kind} "'><img src=x onerror=alert(1)><b class=hostile>.csv`);
    writeFileSync(file, text);
    // The wrong row of the orders is told of by its exit code.
    await command('import', kind, file, '--source', 'till', '--data', data).catch((error) => {
      if (error.code !== 3) throw error;
    });
  }
  program = await startProgram(data);
  const setup = await fetch(`${program.address}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-clientele': '1' },
    body: JSON.stringify({
      ...ADMIN,
      name: hostile('Wei'),
      language: 'en',
      chain_name: hostile('Harbour'),
      reporting_currency: 'SGD',
      time_zone: 'Asia/Singapore',
    }),
  });
  if (!setup.ok) throw new Error(await setup.text());
  client = await Client.signIn(program.address);
  const unit = { kind: 'country', name: hostile('Singapore') };
  await client.call('POST', '/api/units', unit);
  await client.call('POST', '/api/teams', { name: hostile('Team') });
  const grants = { customers: { actions: ['see'], reach: 'all' } };
  const role = { name: hostile('VIP'), description: hostile('Reads'), grants };
  const { id } = await client.call<{ id: string }>('POST', '/api/roles', role);
  await client.call('POST', '/api/users', {
    name: hostile('Mei'),
    email: 'mei@example.com',
    password: 'another long password',
    language: 'en',
    roles: [id],
  });
  await client.call('POST', '/api/tokens', { name: hostile('Till') });
  const view = { screen: 'customers', name: hostile('Mine'), query: hostile('?q='), shared: true };
  await client.call('POST', '/api/views', view);
  await client.finish(await client.call('POST', '/api/duplicates/scan'));
  await client.finish(await client.call('POST', '/api/grades/run', {}));
  await client.finishAll();
  const schemes = await client.call<Schemes>('GET', '/api/tier-scheme');
  const [level] = schemes.published.levels;
  const { items } = await client.call<{ items: { id: string }[] }>('GET', '/api/customers');
  for (const { id: customer } of items) {
    screens.push(`/customers/${customer}`, `/customers/${customer}?tab=identities`);
    const path = `/api/customers/${customer}`;
    const { version } = await client.call<{ version: number }>('GET', path);
    const headers = { 'if-match': `"v${version}"` };
    const override = { manual_tier: level?.code, manual_reason: hostile('Because') };
    await client.call('PUT', `${path}/override`, override, headers);
  }
  const imports = await client.call<{ items: { id: string }[] }>('GET', '/api/imports');
  screens.push(...imports.items.map(({ id: file }) => `/imports/${file}`));
  screens.push(...tabs.map((tab) => `/settings?tab=${tab}`));
  screens.push(`/customers?q=${encodeURIComponent(hostile('Mei'))}`);
});
afterAll(async () => {
  await program.stop();
  await browser.close();
});

test.each([DESK, PHONE])('what anybody types stays text on every screen ($width)', async (look) => {
  const visitor = await Visitor.open(browser, program.address, look, client.cookie);
  let shown = 0;
  for (const path of screens) {
    await visitor.goto(path);
    const seen = await visitor.page.evaluate(() => ({
      elements: document.querySelectorAll('.hostile, img[src="x"]').length,
      text: document.body.innerText.includes('<b class=hostile>'),
    }));
    expect(seen.elements, `elements out of texts on ${path}`).toBe(0);
    shown += Number(seen.text);
    expect(visitor.complaints, `complaints on ${path}`).toEqual([]);
  }
  expect(shown, 'screens that show such a text').toBeGreaterThan(screens.length / 2);
  await visitor.close();
});
