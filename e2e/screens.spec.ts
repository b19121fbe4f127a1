import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chain, startChain } from './lib/chain';
import { DESK, LOOKS, launchBrowser, PHONE, Visitor } from './lib/visitor';

let browser: Browser;
let chain: Chain;
let customer: string;
beforeAll(async () => {
  browser = await launchBrowser();
  chain = await startChain(2_000);
  const first = await chain.client.call<{ items: { id: string }[] }>(
    'GET',
    '/api/customers?limit=1',
  );
  customer = first.items[0]?.id ?? '';
  await chain.client.finish(await chain.client.call('POST', '/api/backups'));
  const { items } = await chain.client.call<{ items: { id: string }[] }>('GET', '/api/backups');
  await chain.client.finish(await chain.client.call('POST', `/api/backups/${items[0]?.id}/drill`));
});
afterAll(async () => {
  await chain.program.stop();
  await browser.close();
});

/** Every screen with its address; the name is that of its picture. */
const screens: [string, () => string][] = [
  ['home', () => '/'],
  ['customers', () => '/customers'],
  ['customers-filtered', () => '/customers?rfm_group=at_risk&sort=-last_order'],
  ['customer', () => `/customers/${customer}`],
  ['customer-identities', () => `/customers/${customer}?tab=identities`],
  ['rfm', () => '/rfm'],
  ['tiers', () => '/tiers'],
  ['duplicates', () => '/duplicates'],
  ['imports', () => '/imports'],
  ['jobs', () => '/jobs'],
  ['settings', () => '/settings'],
  ['people', () => '/settings?tab=users'],
  ['roles', () => '/settings?tab=roles'],
  ['organisation', () => '/settings?tab=organisation'],
  ['audit', () => '/settings?tab=audit'],
  ['access', () => '/settings?tab=access'],
  ['backups', () => '/settings?tab=backups'],
  ['settings-system', () => '/settings?tab=system'],
];

test.each(LOOKS)('every screen is whole ($language, $width, $scheme)', async (look) => {
  await chain.client.call('PATCH', '/api/session', { language: look.language });
  const visitor = await Visitor.open(browser, chain.program.address, look, chain.client.cookie);
  for (const [name, path] of screens) {
    await visitor.goto(path());
    await visitor.page.locator('h1').first().waitFor();
    expect(await visitor.page.locator('h1').count(), `headings of ${path()}`).toBe(1);
    expect(await visitor.page.title(), `title of ${path()}`).not.toBe('');
    const language = await visitor.page.locator('html').getAttribute('lang');
    expect(language).toBe(look.language === 'zh' ? 'zh-Hans' : 'en');
    const nodes = await visitor.page.locator('*').count();
    expect(nodes, `elements on ${path()}`).toBeLessThanOrEqual(1_500);
    await visitor.expectNoFlaw();
    await visitor.picture(name);
  }
  await visitor.close();
});

/** Lets answers come one after the other, each drawn before the next, as over a slow line. */
async function slowDown(page: Page): Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  await page.route('**/api/**', async (route) => {
    if (route.request().url().endsWith('/api/events')) return route.continue();
    before = before
      .then(async () => route.fulfill({ response: await route.fetch() }))
      .then(() =>
        page.evaluate(
          () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
        ),
      )
      // The page may have gone on to the next screen.
      .catch(() => undefined);
    await before;
  });
}

test.each([DESK, PHONE])('nothing jumps while a screen loads ($width)', async (look) => {
  await chain.client.call('PATCH', '/api/session', { language: look.language });
  const visitor = await Visitor.open(browser, chain.program.address, look, chain.client.cookie);
  const { page } = visitor;
  await slowDown(page);
  await page.addInitScript(() => {
    const seen = window as unknown as { shift: number };
    seen.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        seen.shift += (entry as PerformanceEntry & { value: number }).value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const [, path] of screens) {
    await visitor.goto(path());
    const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift);
    expect(shift, `layout shift on ${path()}`).toBeLessThanOrEqual(0.05);
  }
  await visitor.close();
});

test('an address that leads nowhere says so', async () => {
  await chain.client.call('PATCH', '/api/session', { language: 'en' });
  const visitor = await Visitor.open(browser, chain.program.address, DESK, chain.client.cookie);
  for (const path of ['/nowhere', '/customers/cus_0000000000000', '/imports/imp_0000000000000']) {
    await visitor.goto(path);
    await visitor.page
      .getByText(visitor.text('common.error.no_screen'))
      .or(visitor.page.getByText(visitor.text('problems.http_404')))
      .first()
      .waitFor();
    await visitor.expectNoFlaw();
  }
  await visitor.close();
});
