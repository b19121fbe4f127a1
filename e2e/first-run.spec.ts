import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, Client } from './lib/client';
import { type Program, startProgram } from './lib/program';
import { DESK, LOOKS, launchBrowser, PAIRS, Visitor } from './lib/visitor';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function withNewProgram(use: (program: Program) => Promise<void>): Promise<void> {
  const program = await startProgram();
  try {
    await use(program);
  } finally {
    await program.stop();
  }
}

/** Fills in the first page as a person would, and sends it. */
async function createAdministrator(visitor: Visitor): Promise<void> {
  await visitor.heading('account.setup.title').waitFor();
  await visitor.write(visitor.field('account.field.name'), ADMIN.name);
  await visitor.write(visitor.field('account.field.email'), ADMIN.email);
  await visitor.write(visitor.field('account.field.password'), ADMIN.password);
  await visitor.write(visitor.field('account.field.chain_name'), 'Harbour & Hill');
  await visitor.press(visitor.button('account.setup.submit'));
  await visitor.heading('account.choice.title').waitFor();
}

test.each(LOOKS)(
  'an empty book asks who it belongs to ($language, $width, $scheme)',
  async (look) => {
    await withNewProgram(async ({ address }) => {
      const visitor = await Visitor.open(browser, address, look);
      await visitor.goto('/');
      await visitor.heading('account.setup.title').waitFor();
      await visitor.expectNoFlaw();
      await visitor.picture('setup');
      await createAdministrator(visitor);
      await visitor.expectNoFlaw();
      await visitor.close();
    });
  },
);

test.each(PAIRS)(
  'an empty book becomes a sample chain ($language, $width, $scheme)',
  async (look) => {
    await withNewProgram(async ({ address }) => {
      const visitor = await Visitor.open(browser, address, look);
      await visitor.goto('/');
      await createAdministrator(visitor);
      const name = visitor.text('account.choice.sample');
      await visitor.press(visitor.page.getByRole('button', { name }));
      await visitor.page.waitForURL(`${address}/`);
      const client = await Client.signIn(address);
      await client.finishAll();
      const status = await client.call<{ customers: number }>('GET', '/api/status');
      expect(status.customers).toBeGreaterThan(10_000);

      await visitor.goto('/');
      await visitor.expectNoFlaw();
      await visitor.close();
    });
  },
);

test('the first page is for the first person only', async () => {
  await withNewProgram(async ({ address }) => {
    await Client.setUp(address);
    const visitor = await Visitor.open(browser, address, DESK);
    await visitor.goto('/setup');
    await visitor.heading('account.sign_in.title').waitFor();
    await visitor.expectNoFlaw();
    await visitor.close();
  });
});

test('signing in works by keyboard alone and refuses a wrong password', async () => {
  await withNewProgram(async ({ address }) => {
    await Client.setUp(address);
    const visitor = await Visitor.open(browser, address, DESK);
    await visitor.goto('/customers');
    await visitor.heading('account.sign_in.title').waitFor();
    const { keyboard } = visitor.page;
    await keyboard.type(ADMIN.email);
    await keyboard.press('Tab');
    await keyboard.type('not the password');
    await keyboard.press('Enter');
    await visitor.page.getByText(visitor.text('problems.sign_in_failed')).waitFor();
    await visitor.expectNoFlaw();

    await visitor.field('account.field.password').fill(ADMIN.password);
    await keyboard.press('Enter');
    await visitor.page.waitForURL(`${address}/customers**`);
    await visitor.close();
  });
});
