import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, test } from 'vitest';
import { type Chain, startChain } from './lib/chain';
import { launchBrowser, PAIRS, Visitor } from './lib/visitor';

let browser: Browser;
let chain: Chain;
beforeAll(async () => {
  browser = await launchBrowser();
});
beforeEach(async () => {
  chain = await startChain(300);
  return () => chain.program.stop();
});
afterAll(() => browser.close());

test.each(PAIRS)(
  'a backup is made, proven, and told of when it is damaged ($language, $width, $scheme)',
  async (look) => {
    await chain.client.call('PATCH', '/api/session', { language: look.language });
    const visitor = await Visitor.open(browser, chain.program.address, look, chain.client.cookie);
    const { page } = visitor;
    await visitor.goto('/');
    const what = visitor.text('home.next.backup_none');
    const open = visitor.text('home.next.open', { what });
    await visitor.press(page.getByRole('link', { name: open }));
    await page.getByText(visitor.text('settings.backups.empty')).waitFor();
    await visitor.expectNoFlaw();
    await visitor.press(visitor.button('settings.backups.make'));
    await page.getByText(visitor.text('settings.backups.not_tried')).waitFor();
    await visitor.expectNoFlaw();

    await visitor.press(visitor.button('settings.backups.try'));
    const [good = ''] = visitor.text('settings.backups.good', { at: '|' }).split('|');
    await page.getByRole('cell').filter({ hasText: good }).waitFor();
    await visitor.expectNoFlaw();
    await visitor.goto('/');
    await page.getByText(visitor.text('home.next.backup_good', { when: '' }).trim()).waitFor();
    await visitor.expectNoFlaw();

    const folder = join(chain.program.data, 'backups');
    for (const file of readdirSync(folder)) appendFileSync(join(folder, file), 'x');
    await visitor.goto('/settings?tab=backups');
    await visitor.press(visitor.button('settings.backups.try'));
    await page.getByText(visitor.text('problems.backup_damaged')).waitFor();
    await visitor.expectNoFlaw();
    await visitor.close();
  },
);
