/** Every namespace of this language: one JSON file per feature in `en/`. */
export const namespaces: Record<string, Record<string, unknown>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<Record<string, unknown>>('./en/*.json', { eager: true, import: 'default' }),
  ).map(([path, texts]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), texts]),
);
