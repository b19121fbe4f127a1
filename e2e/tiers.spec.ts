import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chain, startChain } from './lib/chain';
import { type Look, launchBrowser, Visitor } from './lib/visitor';

let browser: Browser;
let chain: Chain;
beforeAll(async () => {
  browser = await launchBrowser();
  chain = await startChain(2_000);
});
afterAll(async () => {
  await chain.program.stop();
  await browser.close();
});

const looks: Look[] = [
  { language: 'en', width: 1440, scheme: 'light' },
  { language: 'zh', width: 390, scheme: 'dark' },
];

async function membersOf(tier: string): Promise<number> {
  const path = `/api/customers?tier=${tier}&limit=1`;
  const list = await chain.client.call<{ total: { count: number } }>('GET', path);
  return list.total.count;
}

test.each(looks)(
  'a draft is simulated, published and changes grades ($language, $width)',
  async (look) => {
    await chain.client.call('PATCH', '/api/session', { language: look.language });
    const visitor = await Visitor.open(browser, chain.program.address, look, chain.client.cookie);
    const { page } = visitor;
    await visitor.goto('/tiers');
    await visitor.expectNoFlaw();
    await visitor.link('tiers.edit').click();
    await page.waitForURL(/\/tiers\/edit/);
    await visitor.settled();
    await visitor.expectNoFlaw();

    // The topmost card is the highest level: ask for less, but more than the level below.
    const spend = visitor.field('tiers.threshold.spend').first();
    const asked = Number(await spend.inputValue());
    expect(asked).toBeGreaterThan(0);
    await spend.fill(String(Math.floor(asked * 0.6)));
    const before = await membersOf('platinum');
    await visitor.button('tiers.draft.simulate').click();
    await page.getByRole('heading', { name: visitor.text('tiers.sim.moves') }).waitFor();
    await visitor.expectNoFlaw();
    await page
      .getByRole('heading', { name: visitor.text('tiers.sim.title') })
      .scrollIntoViewIfNeeded();
    await visitor.picture('tiers-simulation');
    expect(await membersOf('platinum'), 'a simulation changes nobody').toBe(before);

    await visitor.button('tiers.draft.publish').click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await visitor.expectNoFlaw();
    await dialog.getByRole('button', { name: visitor.text('tiers.draft.publish') }).click();
    await page.getByText(visitor.text('tiers.published')).waitFor();
    await visitor.expectNoFlaw();
    expect(await membersOf('platinum')).toBeGreaterThan(before);
    await visitor.close();
  },
);
