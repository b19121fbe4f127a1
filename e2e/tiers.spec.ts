import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Chain, startChain } from './lib/chain';
import { LOOKS, launchBrowser, Visitor } from './lib/visitor';

let browser: Browser;
let chain: Chain;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

// A level once won is kept for a year: only a new chain can tell who wins it.
beforeEach(async () => {
  chain = await startChain(1_000);
});
afterEach(() => chain.program.stop());

async function membersOf(tier: string): Promise<number> {
  const path = `/api/customers?tier=${tier}&limit=1`;
  const list = await chain.client.call<{ total: { count: number } }>('GET', path);
  return list.total.count;
}

test.each(LOOKS)(
  'a draft is simulated, published and changes grades ($language, $width, $scheme)',
  async (look) => {
    await chain.client.call('PATCH', '/api/session', { language: look.language });
    const visitor = await Visitor.open(browser, chain.program.address, look, chain.client.cookie);
    const { page } = visitor;
    await visitor.goto('/tiers');
    await visitor.expectNoFlaw();
    await visitor.press(visitor.link('tiers.edit'));
    await page.waitForURL(/\/tiers\/edit/);
    await visitor.settled();
    await visitor.expectNoFlaw();

    // The topmost card is the highest level: ask for less, but more than the level below.
    const spend = visitor.field('tiers.threshold.spend').first();
    const asked = Number(await spend.inputValue());
    expect(asked).toBeGreaterThan(0);
    await visitor.write(spend, String(Math.floor(asked * 0.6)));
    const before = await membersOf('platinum');
    await visitor.press(visitor.button('tiers.draft.simulate'));
    await page.getByRole('heading', { name: visitor.text('tiers.sim.moves') }).waitFor();
    await visitor.expectNoFlaw();
    await page
      .getByRole('heading', { name: visitor.text('tiers.sim.title') })
      .scrollIntoViewIfNeeded();
    await visitor.picture('tiers-simulation');
    expect(await membersOf('platinum'), 'a simulation changes nobody').toBe(before);

    await visitor.press(visitor.button('tiers.draft.publish'));
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await visitor.expectNoFlaw();
    await visitor.press(dialog.getByRole('button', { name: visitor.text('tiers.draft.publish') }));
    await page.getByText(visitor.text('tiers.published')).waitFor();
    await visitor.expectNoFlaw();
    expect(await membersOf('platinum')).toBeGreaterThan(before);
    await visitor.close();
  },
);
