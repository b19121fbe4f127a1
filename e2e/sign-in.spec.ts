import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chain, startChain } from './lib/chain';
import { Client } from './lib/client';
import { codeOf } from './lib/totp';
import { DESK, launchBrowser, PAIRS, Visitor } from './lib/visitor';

const PASSWORD = 'another long password';
const NEXT_PASSWORD = 'yet another long password';

let browser: Browser;
let chain: Chain;

/** Somebody new, signed in. */
async function somebody(name: string, language: string): Promise<Client> {
  const email = `${name}@example.com`;
  const user = { name, email, password: PASSWORD, language, roles: ['analyst'] };
  await chain.client.call('POST', '/api/users', user);
  return Client.signIn(chain.program.address, email, PASSWORD);
}

beforeAll(async () => {
  browser = await launchBrowser();
  chain = await startChain(50);
});
afterAll(async () => {
  await chain.program.stop();
  await browser.close();
});

test.each(PAIRS)(
  'signing in takes a code, until an administrator takes it away ($language, $width, $scheme)',
  async (look) => {
    const { address } = chain.program;
    const name = `ana-${look.language}-${look.width}`;
    const own = await somebody(name, look.language);
    const visitor = await Visitor.open(browser, address, look, own.cookie);
    await visitor.goto('/settings?tab=access');
    await visitor.press(visitor.button('settings.own.set_up'));
    await visitor.write(visitor.field('settings.own.your_password'), PASSWORD);
    await visitor.expectNoFlaw();
    await visitor.press(visitor.button('settings.own.continue'));
    const key = visitor.field('settings.own.secret');
    await key.waitFor();
    await visitor.expectNoFlaw();
    await visitor.picture('second-factor');
    const secret = await key.inputValue();
    await visitor.write(visitor.field('settings.own.code'), codeOf(secret));
    await visitor.press(visitor.button('settings.own.turn_on'));
    const codes = visitor.page.getByRole('list', { name: visitor.text('settings.own.codes') });
    await codes.waitFor();
    const recovery = (await codes.getByRole('listitem').allTextContents())[0] ?? '';
    expect(recovery).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
    await visitor.expectNoFlaw();
    await visitor.picture('recovery-codes');
    await visitor.press(visitor.button('common.action.done'));
    await visitor.button('settings.own.new_codes').waitFor();
    await visitor.expectNoFlaw();
    await visitor.picture('own-sign-in');

    const guest = await Visitor.open(browser, address, look);
    const signIn = async (password: string) => {
      await guest.goto('/sign-in');
      await guest.write(guest.field('account.field.email'), `${name}@example.com`);
      await guest.write(guest.field('account.field.password'), password);
      await guest.press(guest.button('account.sign_in.submit'));
      await guest.heading('account.sign_in.code_title').waitFor();
    };
    const giveCode = async (code: string) => {
      await guest.write(guest.field('account.field.code'), code);
      await guest.press(guest.button('account.sign_in.submit'));
    };
    await signIn(PASSWORD);
    await guest.press(guest.button('account.sign_in.back'));
    await guest.settled();
    expect(await guest.heading('account.sign_in.title').count(), 'goes back and stays').toBe(1);
    await guest.press(guest.button('account.sign_in.submit'));
    await guest.heading('account.sign_in.code_title').waitFor();
    await guest.expectNoFlaw();
    await guest.picture('sign-in-code');
    await giveCode('no code');
    await guest.page.getByText(guest.text('problems.code_wrong')).first().waitFor();
    await guest.expectNoFlaw();
    // The code shown until now has turned it on, and is not taken again.
    await giveCode(codeOf(secret, 1));
    await guest.page.waitForURL(`${address}/`);

    await guest.goto('/settings?tab=access');
    await guest.press(guest.button('settings.own.change_password'));
    await guest.write(guest.field('settings.own.your_password'), 'not the password');
    await guest.write(guest.field('settings.own.new_password'), NEXT_PASSWORD);
    await guest.press(guest.button('common.action.save'));
    await guest.page.getByText(guest.text('problems.password_wrong')).first().waitFor();
    await guest.expectNoFlaw();
    await guest.write(guest.field('settings.own.your_password'), PASSWORD);
    await guest.press(guest.button('common.action.save'));
    await guest.page.getByText(guest.text('settings.own.password_changed')).waitFor();
    await guest.expectNoFlaw();
    // Everybody else who was signed in is not any more.
    await visitor.goto('/customers');
    await visitor.heading('account.sign_in.title').waitFor();
    await visitor.close();
    await signIn(NEXT_PASSWORD);
    await giveCode(recovery.toUpperCase());
    await guest.page.waitForURL(`${address}/`);
    await guest.close();

    await chain.client.call('PATCH', '/api/session', { language: look.language });
    const admin = await Visitor.open(browser, address, look, chain.client.cookie);
    await admin.goto('/settings?tab=users');
    const row = admin.page.getByRole('row', { name: new RegExp(name) });
    const tag = row.getByText(admin.text('people.factor.on'), { exact: true });
    await tag.waitFor();
    await admin.press(row.getByRole('button'));
    await admin.press(admin.button('people.factor.reset'));
    await admin.heading('people.factor.reset_title', { name }).waitFor();
    await admin.expectNoFlaw();
    await admin.press(admin.button('people.factor.reset'));
    await admin.page.getByText(admin.text('people.factor.reset_done', { name })).waitFor();
    await tag.waitFor({ state: 'detached' });
    await admin.expectNoFlaw();
    await admin.close();
    await Client.signIn(address, `${name}@example.com`, NEXT_PASSWORD);
  },
);

test('a second factor is turned off again, and its recovery codes are made anew', async () => {
  const own = await somebody('bo', 'en');
  const { secret } = await own.call<{ secret: string }>('POST', '/api/session/second-factor', {
    password: PASSWORD,
  });
  await own.call('POST', '/api/session/second-factor/confirm', { code: codeOf(secret) });
  const visitor = await Visitor.open(browser, chain.program.address, DESK, own.cookie);
  await visitor.goto('/settings?tab=access');
  await visitor.press(visitor.button('settings.own.new_codes'));
  const password = visitor.field('settings.own.your_password');
  await visitor.write(password, PASSWORD);
  const dialog = visitor.page.getByRole('dialog');
  const inDialog = (key: string) =>
    dialog.getByRole('button', { name: visitor.text(key), exact: true });
  await visitor.press(inDialog('settings.own.new_codes'));
  const download = visitor.page.waitForEvent('download');
  await visitor.press(visitor.link('common.action.download'));
  expect((await download).suggestedFilename()).toBe('clientele-recovery-codes.txt');
  await visitor.press(visitor.button('common.action.done'));
  await visitor.press(visitor.button('settings.own.turn_off'));
  await visitor.write(password, PASSWORD);
  await visitor.expectNoFlaw();
  await visitor.press(inDialog('settings.own.turn_off'));
  await visitor.page.getByText(visitor.text('settings.own.turned_off')).waitFor();
  await visitor.button('settings.own.set_up').waitFor();
  await visitor.expectNoFlaw();
  await visitor.close();
});
