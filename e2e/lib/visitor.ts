import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Locator, type Page, type Request } from 'playwright-core';
import { expect, onTestFailed } from 'vitest';
import type { Language } from './client';
import { textOf } from './texts';

/** Where the documents' pictures go when they are being made. */
const PICTURES = process.env.CLIENTELE_PICTURES;
/** Where the last picture of a failed test is left, and what its page complained of. */
const RESULTS = fileURLToPath(new URL('../results', import.meta.url));
const CHROMIUM = process.env.CLIENTELE_CHROMIUM ?? '/usr/bin/chromium';

/** How somebody looks at the app, and what they work it with. */
export interface Look {
  language: Language;
  width: 390 | 1440;
  scheme: 'light' | 'dark';
  hand: 'pointer' | 'keyboard';
}

/** Every way to look at the app; who sits at a dark desk has no mouse. */
export const LOOKS: Look[] = (['en', 'zh'] as const).flatMap((language) =>
  ([1440, 390] as const).flatMap((width) =>
    (['light', 'dark'] as const).map((scheme) => ({
      language,
      width,
      scheme,
      hand: width === 1440 && scheme === 'dark' ? ('keyboard' as const) : ('pointer' as const),
    })),
  ),
);

/** Half of the looks: each language, width and scheme with each of the others. */
export const PAIRS: Look[] = LOOKS.filter(
  ({ language, width, scheme }) =>
    (language === 'en') === ((width === 390) === (scheme === 'light')),
);

/** A look for what is the same in all of them. */
export const DESK: Look = { language: 'en', width: 1440, scheme: 'light', hand: 'pointer' };

/** The same on a phone. */
export const PHONE: Look = { ...DESK, width: 390 };

/** Starts a browser that talks to nobody but the program. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A person before a screen, with what goes wrong on it written down. */
export class Visitor {
  readonly complaints: string[] = [];
  /** What was refused or got no answer; most of it is meant to be, so it is only told when a test fails. */
  private readonly refusals: string[] = [];
  /** Requests of this page that have no answer yet, and who waits for the last of them. */
  private readonly open = new Set<Request>();
  private onQuiet: () => void = () => undefined;

  private constructor(
    readonly page: Page,
    readonly look: Look,
  ) {}

  /** Opens a window on the program at `address`, signed in when a cookie is given. */
  static async open(
    browser: Browser,
    address: string,
    look: Look,
    cookie?: string,
  ): Promise<Visitor> {
    const context = await browser.newContext({
      baseURL: address,
      viewport: { width: look.width, height: look.width === 390 ? 844 : 900 },
      hasTouch: look.width === 390,
      colorScheme: look.scheme,
      locale: look.language === 'zh' ? 'zh-CN' : 'en-SG',
      timezoneId: 'Asia/Singapore',
      reducedMotion: 'reduce',
      acceptDownloads: true,
    });
    // Long enough for a machine that has other work to do.
    context.setDefaultTimeout(60_000);
    if (cookie) {
      await context.addCookies([
        {
          name: 'clientele_session',
          value: cookie,
          url: address,
          httpOnly: true,
          sameSite: 'Strict',
        },
      ]);
    }
    const visitor = new Visitor(await context.newPage(), look);
    visitor.listen();
    onTestFailed(async ({ task }) => {
      const name = `${task.name}-${look.language}-${look.width}-${look.scheme}`.replace(
        /[^\p{L}\p{N}]+/gu,
        '-',
      );
      await visitor.page.screenshot({ path: `${RESULTS}/${name}.png` }).catch(() => undefined);
      const screen = await visitor.page.ariaSnapshot().catch(String);
      mkdirSync(RESULTS, { recursive: true });
      writeFileSync(
        `${RESULTS}/${name}.txt`,
        [
          screen,
          'Refused or unanswered:',
          ...visitor.refusals,
          'Complaints:',
          ...visitor.complaints,
        ]
          .join('\n')
          .concat('\n'),
      );
    });
    return visitor;
  }

  private listen(): void {
    this.page.on('request', (request) => {
      // The stream of events stays open for as long as the page.
      if (!request.url().endsWith('/api/events')) this.open.add(request);
    });
    const close = (request: Request) => {
      this.open.delete(request);
      if (this.open.size === 0) this.onQuiet();
    };
    this.page.on('requestfinished', close);
    this.page.on('requestfailed', (request) => {
      this.refusals.push(`${request.failure()?.errorText} ${request.method()} ${request.url()}`);
      close(request);
    });
    this.page.on('pageerror', (error) => this.complaints.push(`script: ${error.message}`));
    this.page.on('dialog', async (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    this.page.on('console', (message) => {
      // An answer that refuses, such as "not signed in", is logged by the browser
      // although the app expects it; the status of answers is checked below.
      const expected = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !expected)
        this.complaints.push(`console: ${message.text()}`);
    });
    this.page.on('response', (answer) => {
      if (answer.status() >= 400) this.refusals.push(`${answer.status()} ${answer.url()}`);
      if (answer.status() >= 500) this.complaints.push(`${answer.status()} ${answer.url()}`);
    });
  }

  /** What the app says for this key in this visitor's language. */
  text(key: string, values?: Record<string, string | number>): string {
    return textOf(this.look.language, key, values);
  }

  /** The button with this text, and perhaps the key that presses it. */
  button(key: string, values?: Record<string, string | number>): Locator {
    const name = this.text(key, values).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return this.page.getByRole('button', { name: new RegExp(`^${name}( \\w)?$`) });
  }

  /** The link with this text. */
  link(key: string, values?: Record<string, string | number>): Locator {
    return this.page.getByRole('link', { name: this.text(key, values), exact: true });
  }

  /** The field with this label. */
  field(key: string): Locator {
    return this.page.getByLabel(this.text(key), { exact: true });
  }

  /** The heading with this text. */
  heading(key: string, values?: Record<string, string | number>): Locator {
    return this.page.getByRole('heading', { name: this.text(key, values), exact: true });
  }

  /** Moves on with Tab until something has the focus. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor();
    const reached = () => target.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 300 && !(await reached()); presses += 1) {
      await this.page.keyboard.press('Tab');
    }
    expect(await reached(), `Tab leads to ${target}`).toBe(true);
  }

  /** Lays the hand on something without pressing it. */
  async reach(target: Locator): Promise<void> {
    if (this.look.hand === 'pointer') return target.hover();
    await this.tabTo(target);
  }

  /** Presses a button or follows a link. */
  async press(target: Locator): Promise<void> {
    if (this.look.hand === 'pointer') return target.click();
    await this.tabTo(target);
    await this.page.keyboard.press('Enter');
  }

  /** Ticks a box. */
  async tick(target: Locator): Promise<void> {
    if (this.look.hand === 'pointer') return target.click();
    await this.tabTo(target);
    await this.page.keyboard.press('Space');
  }

  /** Writes into a field in place of what is there. */
  async write(target: Locator, text: string): Promise<void> {
    if (this.look.hand === 'pointer') return target.fill(text);
    await this.tabTo(target);
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(text);
  }

  /** Gives a file to the button that asks for one. */
  async giveFile(target: Locator, name: string, text: string): Promise<void> {
    const asked = this.page.waitForEvent('filechooser');
    await this.press(target);
    await (await asked).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  }

  /** Goes to an address and waits until the screen shows what it loaded. */
  async goto(path: string): Promise<void> {
    // What the page before has asked for is nobody's business any more.
    this.open.clear();
    await this.page.goto(path);
    await this.settled();
  }

  /** Waits until everything asked for has come and is drawn. */
  async settled(): Promise<void> {
    await this.page.locator('main').first().waitFor();
    do {
      if (this.open.size > 0) {
        await new Promise<void>((quiet) => {
          this.onQuiet = quiet;
        });
      }
      // What has just come may ask for more once it is drawn.
      await this.page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );
    } while (this.open.size > 0);
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  }

  /** Fails on anything that a person with a screen reader, a phone or a keyboard would trip over. */
  async expectNoFlaw(): Promise<void> {
    // A run for the documents' pictures leaves the judging to the run of the tests.
    if (PICTURES) return;
    await this.settled();
    await this.page.evaluate(axe.source);
    const found = await this.page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
        resultTypes: ['violations'],
      });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`,
        );
    });
    expect(found, `axe on ${this.page.url()} ${JSON.stringify(this.look)}`).toEqual([]);
    const text = (await this.page.locator('body').textContent()) ?? '';
    const traces = text.match(/\[object Object\]|\bundefined\b|\bNaN\b|\{\{|Invalid Date/g) ?? [];
    expect(traces, `traces of the machine on ${this.page.url()}`).toEqual([]);
    const overflow = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(
      overflow,
      `sideways scroll on ${this.page.url()} at ${this.look.width} px`,
    ).toBeLessThanOrEqual(0);
    expect(this.complaints, `complaints on ${this.page.url()}`).toEqual([]);
  }

  /** Takes a picture for the documents when they are being made, and otherwise nothing. */
  async picture(name: string, fullPage = false): Promise<void> {
    if (!PICTURES) return;
    const { language, width, scheme } = this.look;
    const path = `${PICTURES}/${name}-${language}-${width}${scheme === 'dark' ? '-dark' : ''}.png`;
    await this.page.screenshot({ path, fullPage });
  }

  /** Closes the window. */
  async close(): Promise<void> {
    await this.page.context().close();
  }
}
