import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chain, startChain } from './lib/chain';
import { DESK, LOOKS, type Look, launchBrowser, Visitor } from './lib/visitor';

interface Row {
  id: string;
  number: string;
  name: string;
}
interface Rows {
  items: Row[];
  total: { count: number };
}

const CUSTOMERS = 2_000;

let browser: Browser;
let chain: Chain;
beforeAll(async () => {
  browser = await launchBrowser();
  chain = await startChain(CUSTOMERS);
});
afterAll(async () => {
  await chain.program.stop();
  await browser.close();
});

async function open(look: Look): Promise<Visitor> {
  await chain.client.call('PATCH', '/api/session', { language: look.language });
  return Visitor.open(browser, chain.program.address, look, chain.client.cookie);
}

const list = (query: string) => chain.client.call<Rows>('GET', `/api/customers?${query}`);

test.each(LOOKS)('the list scrolls to its last row ($language, $width, $scheme)', async (look) => {
  const visitor = await open(look);
  const { page } = visitor;
  const all = await list('sort=number&limit=1');
  await visitor.goto('/customers?sort=number');
  const scroller = page.locator('[data-scroller]');
  await scroller.focus();
  const last = all.total.count - 1;
  // Each press of End goes to the end of what is loaded, which loads more.
  while ((await page.locator(`[data-row="${last}"]`).count()) === 0) {
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForFunction((end) => {
      const scroller = document.querySelector('[data-scroller]');
      const drawn = [...document.querySelectorAll('[data-row]')].map((row) =>
        Number(row.getAttribute('data-row')),
      );
      const more =
        scroller && scroller.scrollTop + scroller.clientHeight + 2 < scroller.scrollHeight;
      return more || drawn.includes(end);
    }, last);
  }
  const drawn = await page.locator('[data-row]').count();
  expect(drawn, 'rows in the page').toBeLessThanOrEqual(60);
  await visitor.expectNoFlaw();
  await visitor.close();
});

test.each(LOOKS)(
  'search finds by name and filters narrow ($language, $width, $scheme)',
  async (look) => {
    const visitor = await open(look);
    const { page } = visitor;
    const known = (await list('limit=1')).items[0] as Row;
    await visitor.goto('/customers');
    if (look.hand === 'keyboard') {
      await page.keyboard.press('/');
      await page.keyboard.type(known.name);
    } else {
      await visitor.field('customers.search').fill(known.name);
    }
    await page.waitForURL(/[?&]q=/);
    await page.getByRole('link', { name: known.name, exact: true }).first().waitFor();
    await visitor.expectNoFlaw();

    await visitor.goto('/customers');
    await visitor.press(visitor.button('customers.filter.title'));
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await visitor.expectNoFlaw();
    const group = visitor.text('customers.filter.rfm_group');
    await visitor.press(dialog.locator('summary', { hasText: group }));
    const champion = { name: visitor.text('terms.rfm_group.champions'), exact: true };
    await visitor.tick(dialog.getByRole('checkbox', champion));
    await page.waitForURL(/rfm_group=champions/);
    const champions = await list('rfm_group=champions&limit=1');
    const count = new Intl.NumberFormat('en').format(champions.total.count);
    await page
      .getByRole('status')
      .filter({ hasText: visitor.text('common.total.customers_other', { number: count }) })
      .waitFor();
    await page.reload();
    await visitor.settled();
    await page
      .getByRole('status')
      .filter({ hasText: visitor.text('common.total.customers_other', { number: count }) })
      .waitFor();
    await visitor.close();
  },
);

test('the list is worked by keyboard alone', async () => {
  const visitor = await open(DESK);
  const { page } = visitor;
  await visitor.goto('/');
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.waitForURL(/\/customers/);
  await page.locator('[data-row="0"]').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.locator('[data-row="1"][data-active]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/customers\/cus_/);
  await visitor.settled();
  const [first, second] = (await list('limit=2')).items as [Row, Row];
  expect(page.url()).toContain(second.id);
  await page.keyboard.press('[');
  await page.waitForURL(`**/customers/${first.id}`);
  await page.keyboard.press(']');
  await page.waitForURL(`**/customers/${second.id}`);
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').waitFor();
  await visitor.expectNoFlaw();
  await page.keyboard.type(visitor.text('nav.item.settings'));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/settings/);
  await page.goBack();
  await page.waitForURL(/\/customers\/cus_/);
  await visitor.close();
});

test.each(LOOKS)('a page explains one customer ($language, $width, $scheme)', async (look) => {
  const visitor = await open(look);
  const { page } = visitor;
  const best = (await list('limit=1')).items[0] as Row;
  await visitor.goto(`/customers/${best.id}`);
  await page.getByRole('heading', { level: 1, name: best.name }).waitFor();
  await page.getByText(visitor.text('customers.why.title')).first().waitFor();
  await visitor.expectNoFlaw();
  for (const tab of ['identities', 'grades', 'timeline']) {
    await page.getByRole('tab', { name: visitor.text(`customers.tab.${tab}`) }).click();
    await visitor.settled();
    await visitor.expectNoFlaw();
  }
  await visitor.close();
});

/** Opens the best customer and writes another town into the form. */
async function moveBest(town: string): Promise<Visitor> {
  const visitor = await open(DESK);
  const best = (await list('limit=1')).items[0] as Row;
  await visitor.goto(`/customers/${best.id}`);
  await visitor.page.getByRole('heading', { level: 1, name: best.name }).waitFor();
  await visitor.page.keyboard.press('e');
  await visitor.page.getByRole('dialog').waitFor();
  await visitor.expectNoFlaw();
  await visitor.field('customers.field.city').fill(town);
  return visitor;
}

test('of two who edit at once, the later one chooses', async () => {
  const [first, second, third] = [
    await moveBest('Ipoh'),
    await moveBest('Kuantan'),
    await moveBest('Melaka'),
  ];
  const dialog = (visitor: Visitor) => visitor.page.getByRole('dialog');
  await first.button('common.action.save').click();
  await dialog(first).waitFor({ state: 'detached' });
  await first.page.getByText('Ipoh').first().waitFor();

  await second.button('common.action.save').click();
  await second.page.getByText(second.text('customers.stale.hint')).waitFor();
  await second.expectNoFlaw();
  await second.button('customers.stale.mine').click();
  await dialog(second).waitFor({ state: 'detached' });
  await second.page.getByText('Kuantan').first().waitFor();

  await third.button('common.action.save').click();
  await third.button('customers.stale.theirs').click();
  await third.page.waitForFunction(() =>
    [...document.querySelectorAll('input')].some((field) => field.value === 'Kuantan'),
  );
  for (const visitor of [first, second, third]) await visitor.close();
});

test('the export holds what the filter shows', async () => {
  const visitor = await open(DESK);
  await visitor.goto('/customers?lifecycle=lapsed');
  await visitor.button('customers.export.title').click();
  const waiting = visitor.page.waitForEvent('download');
  await visitor.page.getByRole('menuitem', { name: visitor.text('customers.export.csv') }).click();
  const path = await (await waiting).path();
  const lines = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const lapsed = await list('lifecycle=lapsed&limit=1');
  expect(lines.length - 1).toBe(lapsed.total.count);
  await visitor.close();
});
