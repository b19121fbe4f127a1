import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const source = join(process.cwd(), 'src');

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.(tsx?|css)$/.test(entry.name) ? [path] : [];
  });
}

const all = files(source).map((path) => ({
  path: path.slice(source.length + 1),
  text: readFileSync(path, 'utf8'),
}));

/** Style files of parts that the app's components contain but never draw. */
const NEVER_DRAWN = new Set(['CheckboxCard', 'CheckboxIndicator', 'RadioCard', 'RadioIndicator']);

it('imports the styles of every kit component in use, and of what those are made of', () => {
  const kitRoot = join(process.cwd(), 'node_modules/@mantine/core');
  const index = readFileSync(join(kitRoot, 'esm/index.mjs'), 'utf8');
  const homes = new Map<string, string>();
  for (const [, names = '', home = ''] of index.matchAll(/import \{([^}]*)\} from "([^"]+)"/g)) {
    for (const name of names.split(',')) homes.set(name.trim(), home);
  }
  const seen = new Set<string>();
  const styles = new Set<string>();
  function walk(file: string) {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from "(\.[^"]+)"/g)) {
      const target = resolve(dirname(file), path);
      const style = /([A-Za-z]+)\.module\.mjs$/.exec(target)?.[1];
      if (style) styles.add(style);
      walk(target);
    }
  }
  for (const { text } of all) {
    for (const [, names = ''] of text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)) {
      for (const name of names.split(',')) {
        const home = homes.get(name.trim());
        if (home) walk(join(kitRoot, 'esm', home));
      }
    }
  }
  const kit = readFileSync(join(source, 'ui/kit.ts'), 'utf8');
  const missing = [...styles].filter(
    (name) =>
      existsSync(join(kitRoot, `styles/${name}.css`)) &&
      !kit.includes(`/${name}.css`) &&
      !NEVER_DRAWN.has(name),
  );
  expect(styles.size).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});

it('keeps the layers apart: routes → features → ui, lib, api', () => {
  const wrong: string[] = [];
  for (const { path, text } of all) {
    const [layer = '', feature = ''] = path.split('/');
    for (const [, target = ''] of text.matchAll(/from '@\/([\w/-]+)/g)) {
      const [to = '', other = ''] = target.split('/');
      const allowed =
        layer === 'features'
          ? ['ui', 'lib', 'api'].includes(to) || (to === 'features' && other === feature)
          : ['ui', 'lib', 'api'].includes(layer)
            ? ['ui', 'lib', 'api'].includes(to)
            : true;
      if (!allowed) wrong.push(`${path} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

it('keeps files short', () => {
  const long = all.filter(({ path, text }) => {
    return path !== 'api/schema.ts' && text.split('\n').length > 400;
  });
  expect(long.map(({ path }) => path)).toEqual([]);
});

it('uses logical properties, so that right-to-left can follow', () => {
  const physical = /(?:margin|padding|border)-(?:left|right)\b|text-align:\s*(?:left|right)\b/;
  const wrong = all.filter(({ path, text }) => path.endsWith('.css') && physical.test(text));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});
