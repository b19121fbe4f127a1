import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../web/src/api/types';
import { Client } from './lib/client';
import { type Program, startProgram } from './lib/program';
import { DESK, type Look, launchBrowser, PHONE, Visitor } from './lib/visitor';

const CUSTOMERS = 1_000_000;
const PAGE = 100;
/** What the budget allows in the page at any moment. */
const ROWS = 60;
const ELEMENTS = 1_500;
/** Frames without a new row after which a list is stuck. */
const PATIENCE = 1_000;

let browser: Browser;
let program: Program;
let client: Client;
beforeAll(async () => {
  browser = await launchBrowser();
  program = await startProgram();
  client = await Client.setUp(program.address);
});
afterAll(async () => {
  await program.stop();
  await browser.close();
});

/** A million customers by number, of whom each page is made when it is asked for. */
class Million {
  /** The places asked for, as the number of the customer before. */
  readonly asked: number[] = [];
  /** Numbers of customers who are gone. */
  readonly gone = new Set<number>();

  static async behind(page: Page): Promise<Million> {
    const million = new Million();
    await page.route(
      ({ pathname }) => pathname === '/api/customers',
      (route) => {
        const cursor = new URL(route.request().url()).searchParams.get('cursor');
        return route.fulfill({ json: million.page(cursor) });
      },
    );
    return million;
  }

  /** The rows after a cursor, which names the total, the id and the number of the last one read. */
  private page(cursor: string | null): Api<'List_CustomerRow'> {
    const after = Number(cursor?.split('.')[2] ?? 0);
    this.asked.push(after);
    const items: Api<'CustomerRow'>[] = [];
    for (let number = after + 1; items.length < PAGE && number <= CUSTOMERS; number += 1) {
      if (!this.gone.has(number)) items.push(row(number));
    }
    const last = items.at(-1);
    const ends = !last || last.number === String(CUSTOMERS);
    return {
      items,
      next: ends ? null : `${CUSTOMERS}.${last.id}.${last.number}`,
      total: { count: CUSTOMERS, exact: true },
    };
  }
}

function row(number: number): Api<'CustomerRow'> {
  return {
    id: `cus_${number.toString(32).padStart(13, '0')}`,
    number: String(number),
    name: `Customer ${number}`,
    home_store: { id: 'sto_0000000000001', name: 'Orchard' },
    tier: { code: 'gold', name: { en: 'Gold', zh: '金卡' }, color: '#D9A514' },
    rfm_group: 'champions',
    monetary: { amount: 123_456, currency: 'SGD' },
    frequency: 12,
    last_order: '2026-02-10',
    created_at: '2024-03-02T09:00:00Z',
  };
}

async function open(look: Look): Promise<{ visitor: Visitor; million: Million }> {
  const visitor = await Visitor.open(browser, program.address, look, client.cookie);
  const million = await Million.behind(visitor.page);
  await visitor.goto('/customers?sort=number');
  await visitor.page.locator('[data-row="0"]').waitFor();
  return { visitor, million };
}

/**
 * Scrolls until a row is drawn, each time to the last one that is, so that all of them are. Answers
 * what was wrong on the way: a row never drawn, somebody in the wrong one, too many at once.
 */
function walkTo(page: Page, row: number): Promise<string[]> {
  return page.evaluate(
    async ({ goal, most, patience }) => {
      const scroller = document.querySelector('[data-scroller]') as HTMLElement;
      const drawn = () => {
        const rows = [...scroller.querySelectorAll<HTMLElement>('[data-row]')];
        return rows.map((row) => ({ row, at: Number(row.dataset.row) }));
      };
      const [first] = drawn();
      if (!first) return ['no rows'];
      const way = goal > first.at ? 1 : -1;
      const height = first.row.offsetHeight;
      const flaws: string[] = [];
      let edge: number | undefined;
      for (;;) {
        const rows = way > 0 ? drawn() : drawn().reverse();
        if (rows.length > most) return [...flaws, `${rows.length} rows in the page`];
        for (const { row, at } of rows) {
          const name = row.querySelector('a')?.textContent;
          if (name !== `Customer ${at + 1}`) flaws.push(`row ${at} is ${name}`);
          const step = (at - (edge ?? at - way)) * way;
          if (step > 1) flaws.push(`no row between ${edge} and ${at}`);
          if (step > 0) edge = at;
        }
        const met = edge ?? goal;
        if ((met - goal) * way >= 0) return flaws;
        // The outermost row comes to the other end of the view, so none can be jumped over.
        scroller.scrollTop = way > 0 ? met * height : (met + 1) * height - scroller.clientHeight;
        const further = () => drawn().some(({ at }) => (at - met) * way > 0);
        for (let frame = 0; !further(); frame += 1) {
          if (frame === patience) return [...flaws, `stuck at row ${met}`];
          await new Promise(requestAnimationFrame);
        }
      }
    },
    { goal: row, most: ROWS, patience: PATIENCE },
  );
}

/** Scrolls a row to the top of the list. */
async function scrollTo(visitor: Visitor, row: number): Promise<void> {
  await visitor.page.locator('[data-scroller]').evaluate((scroller, row) => {
    const height = scroller.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0;
    scroller.scrollTop = row * height;
  }, row);
  await visitor.settled();
}

/** Bytes of the page's scripts after everything unused is gone. */
async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
}

/** Waits until the keyboard is on a row, and checks that it can be seen. */
async function expectFocus(page: Page, row: number): Promise<void> {
  await page.waitForFunction((row) => document.activeElement?.matches(`[data-row="${row}"]`), row);
  const place = page.locator(`[data-row="${row}"]`);
  expect(await place.locator('a').textContent()).toBe(`Customer ${row + 1}`);
  const hidden = await place.evaluate((element) => {
    const row = element.getBoundingClientRect();
    const list = element.closest('[data-scroller]')?.getBoundingClientRect() ?? row;
    const head = element.closest('table')?.tHead?.getBoundingClientRect().height ?? 0;
    return Math.max(list.top + head - row.top, row.bottom - list.bottom);
  });
  expect(hidden, `hidden pixels of row ${row}`).toBeLessThanOrEqual(1);
}

test('200 pages of a million customers scroll by, each customer once, and back again', async () => {
  const { visitor, million } = await open(DESK);
  const { page } = visitor;
  // The name says who it is; the other cells would only cost time.
  await page.evaluate(() => localStorage.setItem('clientele-customer-columns', 'name'));
  await visitor.goto('/customers?sort=number');
  expect(await walkTo(page, 20 * PAGE - 1)).toEqual([]);
  const little = await heap(page);
  expect(await walkTo(page, 200 * PAGE - 1)).toEqual([]);
  const kept = (await heap(page)) - little;
  expect(kept, 'bytes kept of 180 pages').toBeLessThan(4 << 20);
  expect(await page.locator('*').count()).toBeLessThanOrEqual(ELEMENTS);
  const down = million.asked.length;
  expect(await walkTo(page, 0)).toEqual([]);
  expect(million.asked.length - down, 'pages read again on the way back').toBeGreaterThan(150);
  await visitor.expectNoFlaw();
  await visitor.close();
});

test('a phone scrolls through cards in the same way', async () => {
  const { visitor } = await open(PHONE);
  expect(await walkTo(visitor.page, 10 * PAGE - 1)).toEqual([]);
  expect(await walkTo(visitor.page, 0)).toEqual([]);
  await visitor.close();
});

test('far down, the keyboard goes on from what is in view', async () => {
  const { visitor, million } = await open(DESK);
  const { page } = visitor;
  await walkTo(page, 12 * PAGE - 1);
  const far = 7 * PAGE;
  await scrollTo(visitor, far);
  await page.keyboard.press('j');
  await expectFocus(page, far);
  for (let row = far + 1; row <= far + 20; row += 1) {
    await page.keyboard.press(row % 2 ? 'ArrowDown' : 'j');
    await expectFocus(page, row);
  }
  for (let row = far + 19; row >= far - 5; row -= 1) {
    await page.keyboard.press(row % 2 ? 'ArrowUp' : 'k');
    await expectFocus(page, row);
  }
  await page.keyboard.press('Home');
  await expectFocus(page, 0);
  const asked = million.asked.length;
  await page.keyboard.press('End');
  const active = page.locator('[data-active]');
  await page.waitForFunction(
    (row) => Number(document.querySelector('[data-active]')?.getAttribute('data-row')) >= row,
    12 * PAGE - 1,
  );
  await visitor.settled();
  expect(million.asked.length - asked, 'pages asked for by a jump').toBeLessThanOrEqual(3);
  await page.keyboard.press('ArrowUp');
  const row = Number(await active.getAttribute('data-row'));
  await expectFocus(page, row);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/customers\/cus_/);
  await page.goBack();
  await page.locator(`[data-row="${row}"]`).waitFor();
  await visitor.close();
});

test('a change moves rows from page to page, and still nobody is missing or doubled', async () => {
  const { visitor, million } = await open(DESK);
  const { page } = visitor;
  await walkTo(page, 6 * PAGE - 1);
  await scrollTo(visitor, 4 * PAGE - 5);
  const asked = million.asked.length;
  const reading = page.waitForRequest(/\/api\/customers\?/);
  // Somebody leaves the list far above, and the program tells of a change.
  million.gone.add(PAGE + 50);
  await client.call('POST', '/api/customers', { name: 'Lin Mei' });
  await reading;
  await visitor.settled();
  expect(million.asked.length - asked, 'pages read after a change').toBeLessThanOrEqual(4);
  // Further down they stand where they stood, until somebody comes from above.
  const numbers = [
    [4, 1],
    [3, 1],
    [2, 2],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 2],
  ] as const;
  for (const [seam, number] of numbers) {
    await scrollTo(visitor, seam * PAGE - 5);
    await page.waitForFunction((number) => {
      const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
      const name = (row: HTMLElement) => row.querySelector('a')?.textContent;
      return rows.every((row) => name(row) === `Customer ${Number(row.dataset.row) + number}`);
    }, number);
  }
  await visitor.close();
});
