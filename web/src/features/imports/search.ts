import { oneOf, text } from '@/lib/search';

export const IMPORT_KINDS = ['orders', 'customers', 'products', 'stores'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** The wizard's address: the uploaded file, what it holds, and an import to take options from. */
export type NewImportSearch = {
  upload?: string;
  name?: string;
  kind?: ImportKind;
  source?: string;
  like?: string;
};

/** Reads the wizard's address. */
export function newImportSearch(search: Record<string, unknown>): NewImportSearch {
  return {
    upload: text(search.upload),
    name: text(search.name),
    kind: oneOf(search.kind, IMPORT_KINDS),
    source: text(search.source),
    like: text(search.like),
  };
}

/** An import's page; the upload lets a dry run go back to the mapping. */
export function importSearch(search: Record<string, unknown>): { upload?: string } {
  return { upload: text(search.upload) };
}
