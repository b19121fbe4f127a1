import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

type Texts = Record<string, string>;

const source = join(process.cwd(), 'src');
const namespaces = readdirSync(join(source, 'locales/en')).map((file) => file.replace('.json', ''));

function flatten(value: object, prefix = '', into: Texts = {}): Texts {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string') into[prefix + key] = inner;
    else flatten(inner as object, `${prefix}${key}.`, into);
  }
  return into;
}

function load(language: string, namespace: string): Texts {
  const path = join(source, 'locales', language, `${namespace}.json`);
  return flatten(JSON.parse(readFileSync(path, 'utf8')) as object);
}

/** English has a singular that Chinese lacks. */
function base(key: string): string {
  return key.replace(/_(one|other)$/, '');
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'locales' ? [] : sourceFiles(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.') ? [path] : [];
  });
}

it('has the same files in both languages', () => {
  expect(readdirSync(join(source, 'locales/zh')).sort()).toEqual(
    namespaces.map((name) => `${name}.json`).sort(),
  );
});

describe.each(namespaces)('%s', (namespace) => {
  const en = load('en', namespace);
  const zh = load('zh', namespace);

  it('has the same keys', () => {
    const keys = (texts: Texts) => [...new Set(Object.keys(texts).map(base))].sort();
    expect(keys(zh)).toEqual(keys(en));
  });

  it('has the same placeholders', () => {
    for (const [key, text] of Object.entries(zh)) {
      const twin = en[key] ?? en[`${base(key)}_other`] ?? en[base(key)] ?? '';
      expect([key, placeholders(text)]).toEqual([key, placeholders(twin)]);
    }
  });

  it('uses Chinese punctuation', () => {
    for (const [key, text] of Object.entries(zh)) {
      const plain = text.replace(/\{\{\w+\}\}/g, '').replace(/https?:\S+/g, '');
      expect([key, plain]).not.toEqual([
        key,
        expect.stringMatching(/\p{Script=Han}\s*[,;:!?()]|[,;:!?()]\s*\p{Script=Han}/u),
      ]);
      expect([key, plain]).not.toEqual([key, expect.stringMatching(/\p{Script=Han}\.|\.{3}/u)]);
    }
  });

  it('puts a space between Han and Latin', () => {
    for (const [key, text] of Object.entries(zh)) {
      const plain = text.replace(/\{\{\w+\}\}/g, '');
      expect([key, plain]).not.toEqual([
        key,
        expect.stringMatching(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u),
      ]);
    }
  });

  it('has no empty text', () => {
    for (const texts of [en, zh]) {
      for (const [key, text] of Object.entries(texts)) {
        expect([key, text.trim()]).not.toEqual([key, '']);
      }
    }
  });
});

it('has every key that the source names', () => {
  const known = new Set(
    namespaces.flatMap((name) =>
      Object.keys(load('en', name)).map((key) => `${name}:${base(key)}`),
    ),
  );
  const missing: string[] = [];
  for (const file of sourceFiles(source)) {
    const text = readFileSync(file, 'utf8');
    const own = [...text.matchAll(/useTranslation\((?:'(\w+)')?\)/g)].map((m) => m[1] ?? 'common');
    for (const [, key = ''] of text.matchAll(/\bt\(\s*'([\w:.]+)'/g)) {
      const names = key.includes(':') ? [key] : own.map((name) => `${name}:${key}`);
      if (own.length + (key.includes(':') ? 1 : 0) === 0) continue;
      if (!names.some((name) => known.has(name)))
        missing.push(`${file.slice(source.length)}: ${key}`);
    }
  }
  expect(missing).toEqual([]);
});
