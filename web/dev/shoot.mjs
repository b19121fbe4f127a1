// Pictures of screens: node dev/shoot.mjs NAME PATH [en|zh] [light|dark] [1440|390] [action]
import { chromium } from 'playwright-core';

const base = process.env.BASE ?? 'http://127.0.0.1:5173';
const [, , name, path, language = 'en', scheme = 'light', width = '1440', action] = process.argv;
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const narrow = width === '390';
const page = await browser.newPage({
  viewport: { width: Number(width), height: narrow ? 844 : 900 },
  hasTouch: narrow,
  isMobile: narrow,
  deviceScaleFactor: narrow ? 2 : 1,
});
if (process.env.COOKIE) {
  await page
    .context()
    .addCookies([{ name: 'clientele_session', value: process.env.COOKIE, url: base }]);
}
await page.addInitScript(
  ([l, s]) => {
    localStorage.setItem('clientele-language', l);
    localStorage.setItem('clientele-theme', s);
  },
  [language, scheme],
);
page.on('console', (message) => {
  if (message.type() === 'error' || message.type() === 'warning') console.log(message.text());
});
page.on('pageerror', (error) => console.log('page error', error.message));
if (!process.env.BASE) {
  await fetch(`${base}/api/mock?language=${language}${process.env.MOCK ?? ''}`);
}
await page.goto(base + path);
await page.waitForLoadState('load');
await page.waitForTimeout(300);
await page
  .waitForFunction(
    () => document.querySelector('h1') && !document.querySelector('[role=status] > span + *'),
    null,
    { timeout: 15000 },
  )
  .catch(() => console.log('still loading'));
await page.waitForTimeout(400);
if (action) {
  const run = new Function('page', `return (async () => { ${action} })()`);
  await run(page);
  await page.waitForTimeout(500);
}
if (process.env.AXE) {
  const { default: axe } = await import('axe-core');
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => globalThis.axe.run());
  for (const flaw of found.violations) {
    console.log(
      flaw.impact,
      flaw.id,
      flaw.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)),
    );
  }
}
await page.screenshot({ path: `/tmp/shots/${name}.png` });
const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
console.log(name, 'overflow', overflow, 'nodes', nodes);
await browser.close();
