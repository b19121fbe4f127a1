import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from './lib/client';
import { startProgram } from './lib/program';
import { LOOKS, launchBrowser, Visitor } from './lib/visitor';

/** An export with one impossible date: four good rows, one bad one. */
const ENGLISH = `Order ID,Order Date,Customer Name,Email,Phone,Product,Quantity,Unit Price,Currency
A-1001,2026-01-14 10:05,Mei Lin,mei@example.com,+65 9123 4567,Linen shirt,1,89.00,SGD
A-1001,2026-01-14 10:05,Mei Lin,mei@example.com,+65 9123 4567,Canvas belt,2,35.50,SGD
A-1002,2026-02-03 18:40,Omar Haddad,omar@example.com,,Leather bag,1,420.00,SGD
A-1003,2026-02-20 12:15,MEI LIN,Mei@Example.com,,Silk scarf,1,120.00,SGD
A-1004,2026-13-40 12:15,Omar Haddad,omar@example.com,,Wool coat,1,310.00,SGD
`;
const CHINESE = `订单号,下单时间,买家会员名,邮箱,手机号,商品名称,数量,单价,币种
A-1001,2026-01-14 10:05,林美,mei@example.com,+65 9123 4567,亚麻衬衫,1,89.00,SGD
A-1001,2026-01-14 10:05,林美,mei@example.com,+65 9123 4567,帆布腰带,2,35.50,SGD
A-1002,2026-02-03 18:40,王芳,fang@example.com,,真皮手袋,1,420.00,SGD
A-1003,2026-02-20 12:15,林美,Mei@Example.com,,真丝围巾,1,120.00,SGD
A-1004,2026-13-40 12:15,王芳,fang@example.com,,羊毛大衣,1,310.00,SGD
`;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Gives a file and goes through the wizard until the dry run has answered. */
async function checkFile(visitor: Visitor, name: string, text: string): Promise<void> {
  await visitor.goto('/imports/new');
  await visitor.heading('imports.wizard.title').waitFor();
  await visitor.giveFile(visitor.button('imports.upload.choose'), name, text);
  await visitor.heading('imports.map.title').waitFor();
  await visitor.settled();
  await visitor.press(visitor.button('imports.map.check'));
  await visitor.page.getByRole('status').filter({ hasText: /\d/ }).first().waitFor();
}

/** Waits for the sentence that says what became of the rows. */
async function expectSentence(
  visitor: Visitor,
  rows: { new: number; updated: number; rejected: number },
): Promise<void> {
  await visitor.page.getByText(visitor.text('imports.sentence', rows), { exact: true }).waitFor();
}

test.each(LOOKS)(
  'a file with a bad row is checked, imported, mended and undone ($language, $width, $scheme)',
  async (look) => {
    const file = look.language === 'zh' ? CHINESE : ENGLISH;
    const program = await startProgram();
    try {
      const client = await Client.setUp(program.address, look.language);
      const customers = async () =>
        (await client.call<{ customers: number }>('GET', '/api/status')).customers;
      const visitor = await Visitor.open(browser, program.address, look, client.cookie);

      await visitor.goto('/imports/new');
      await visitor.expectNoFlaw();
      await visitor.giveFile(visitor.button('imports.upload.choose'), 'orders.csv', file);
      await visitor.heading('imports.map.title').waitFor();
      await visitor.settled();
      await visitor.expectNoFlaw();
      await visitor.picture('import-mapping');

      await visitor.press(visitor.button('imports.map.check'));
      await expectSentence(visitor, { new: 4, updated: 0, rejected: 1 });
      await visitor.expectNoFlaw();
      expect(await customers(), 'a dry run writes nothing').toBe(0);

      await visitor.press(visitor.button('imports.result.run'));
      await visitor.page.getByText(visitor.text('imports.result.done')).waitFor();
      await expectSentence(visitor, { new: 4, updated: 0, rejected: 1 });
      await visitor.expectNoFlaw();
      await visitor.picture('import-rejects');
      expect(await customers()).toBe(2);

      // The cell at fault comes first and has the focus.
      await visitor.press(visitor.button('imports.rejects.correct'));
      await visitor.page.keyboard.press('ControlOrMeta+A');
      await visitor.page.keyboard.type('2026-02-28 12:15');
      await visitor.expectNoFlaw();
      await visitor.press(visitor.button('imports.rejects.import'));
      await expectSentence(visitor, { new: 1, updated: 0, rejected: 0 });

      await checkFile(visitor, 'orders again.csv', file.replace('2026-13-40', '2026-02-28'));
      await visitor.page.getByText(visitor.text('imports.result.dry_nothing')).waitFor();

      await visitor.goto('/imports');
      await visitor.expectNoFlaw();
      await visitor.picture('imports');
      await visitor.press(visitor.page.getByRole('link', { name: 'orders.csv' }).last());
      await visitor.press(visitor.button('imports.undo.action'));
      await visitor.page.getByRole('dialog').waitFor();
      await visitor.expectNoFlaw();
      const undo = { name: visitor.text('imports.undo.action'), exact: true };
      await visitor.press(visitor.page.getByRole('dialog').getByRole('button', undo));
      await visitor.page.getByText(visitor.text('imports.result.undone')).waitFor();
      expect(await customers(), 'the mended row keeps its own customer').toBe(1);
      await visitor.close();
    } finally {
      await program.stop();
    }
  },
);
