import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from './lib/client';
import { type Program, startProgram } from './lib/program';
import { LOOKS, launchBrowser, Visitor } from './lib/visitor';

/** One person twice, with a slip in the name and no key in common. */
const TWICE = {
  family_name: 'Whitfield',
  gender: 'female',
  birth_date: '1984-06-17',
  country: 'SG',
  city: 'Singapore',
  address: '14 Tanjong Pagar Road',
  postcode: '088443',
};
const RECORDS = [
  { ...TWICE, name: 'Charlotte Whitfield', given_name: 'Charlotte' },
  { ...TWICE, name: 'Charlote Whitfield', given_name: 'Charlote' },
];

let browser: Browser;
let program: Program;
let client: Client;
beforeAll(async () => {
  browser = await launchBrowser();
  program = await startProgram();
  client = await Client.setUp(program.address);
  for (const record of RECORDS) {
    await client.call('POST', '/api/customers', { ...record, identifiers: [] });
  }
  await client.finish(await client.call('POST', '/api/duplicates/scan'));
  await client.call('POST', '/api/grades/run', {});
  await client.finishAll();
});
afterAll(async () => {
  await program.stop();
  await browser.close();
});

test.each(LOOKS)(
  'a likely pair is merged and taken apart again ($language, $width, $scheme)',
  async (look) => {
    const people = () => client.call('GET', '/api/customers?sort=number');
    const before = await people();
    await client.call('PATCH', '/api/session', { language: look.language });
    const visitor = await Visitor.open(browser, program.address, look, client.cookie);
    await visitor.goto('/duplicates');
    await visitor.page.getByText('1984').first().waitFor();
    await visitor.expectNoFlaw();

    await visitor.press(visitor.button('duplicates.merge'));
    // The offer to take it back stands for eight seconds, and as long as a hand is on it.
    const undo = visitor.button('common.action.undo');
    await visitor.reach(undo);
    await visitor.page.getByText(visitor.text('duplicates.empty')).waitFor();
    const merged = (await people()) as { items: unknown[] };
    expect(merged.items).toHaveLength(1);

    await visitor.press(undo);
    await visitor.page.getByText(visitor.text('duplicates.unmerged')).waitFor();
    await visitor.expectNoFlaw();
    await client.finishAll();
    expect(await people(), 'everything is as before').toEqual(before);
    await visitor.close();
  },
);
