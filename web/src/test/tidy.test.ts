import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

it('imports the styles of every kit component in use', () => {
  const kit = readFileSync(join(source, 'ui/kit.ts'), 'utf8');
  const missing = new Set<string>();
  for (const { text } of all) {
    for (const [, names = ''] of text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)) {
      for (const name of names.split(',').map((part) => part.trim())) {
        const file = `@mantine/core/styles/${name}.css`;
        if (existsSync(join(process.cwd(), 'node_modules', file)) && !kit.includes(file)) {
          missing.add(name);
        }
      }
    }
  }
  expect([...missing]).toEqual([]);
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
