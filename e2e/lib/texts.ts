import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Language } from './client';

type Texts = { [key: string]: string | Texts };

const read = new Map<string, Texts>();

function namespace(language: Language, name: string): Texts {
  const path = `../../web/src/locales/${language}/${name}.json`;
  let texts = read.get(path);
  if (!texts) {
    texts = JSON.parse(
      readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'),
    ) as Texts;
    read.set(path, texts);
  }
  return texts;
}

/**
 * What the app says for a key such as `account.setup.title` in one language. Tests name keys, so
 * that a better wording needs no change here, and a missing one fails.
 */
export function textOf(
  language: Language,
  key: string,
  values: Record<string, string | number> = {},
): string {
  const [name = '', ...path] = key.split('.');
  let found: string | Texts | undefined = namespace(language, name);
  for (const part of path) found = typeof found === 'object' ? found[part] : undefined;
  if (typeof found !== 'string') throw new Error(`no ${language} text for ${key}`);
  return found.replace(/\{\{(\w+)\}\}/g, (_, value: string) => String(values[value] ?? ''));
}
