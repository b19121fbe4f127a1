// Fails when the gzip size of what a screen needs grows above the budgets of the design.
// Sizes come from Vite's manifest: the boot set is the entry with its static imports; a route
// adds its lazy chunk with that chunk's own static imports; one locale is loaded besides.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KB = 1024;
const BUDGET = { boot: 190 * KB, route: 250 * KB, css: 30 * KB, locale: 40 * KB, font: 60 * KB };

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const sizes = new Map();

function size(file) {
  if (!sizes.has(file)) {
    sizes.set(file, gzipSync(readFileSync(join('dist', file)), { level: 9 }).length);
  }
  return sizes.get(file);
}

/** Every chunk that the browser must have before this one runs. */
function closure(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, found);
  return found;
}

function weigh(keys) {
  const css = new Set();
  let script = 0;
  for (const key of keys) {
    script += size(manifest[key].file);
    for (const file of manifest[key].css ?? []) css.add(file);
  }
  return { script, css: [...css].reduce((sum, file) => sum + size(file), 0) };
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const bootKeys = closure(entry);
const boot = weigh(bootKeys);
const rows = [
  ['boot script', boot.script, BUDGET.boot],
  ['boot css', boot.css, BUDGET.css],
];
for (const [key, chunk] of Object.entries(manifest)) {
  if (/locales\/\w+\.ts$/.test(key)) {
    rows.push([`locale ${key}`, size(chunk.file), BUDGET.locale]);
  } else if (chunk.isDynamicEntry && /src\/features\/.*-screen\.tsx$/.test(key)) {
    const route = weigh(new Set([...bootKeys, ...closure(key)]));
    rows.push([`route ${key}`, route.script, BUDGET.route]);
    rows.push([`route css ${key}`, route.css, BUDGET.css]);
  } else if (/\.woff2$/.test(chunk.file)) {
    rows.push([`font ${key}`, readFileSync(join('dist', chunk.file)).length, BUDGET.font]);
  }
}

let failed = false;
for (const [name, bytes, limit] of rows) {
  const over = bytes > limit;
  failed ||= over;
  const kb = (bytes / KB).toFixed(1).padStart(7);
  console.log(`${over ? 'OVER' : ' ok '} ${kb} / ${(limit / KB).toFixed(0)} KB  ${name}`);
}
if (failed) process.exit(1);
