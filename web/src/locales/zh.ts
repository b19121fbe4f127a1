/** Every namespace of this language: one JSON file per feature in `zh/`. */
export const namespaces: Record<string, Record<string, unknown>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<Record<string, unknown>>('./zh/*.json', { eager: true, import: 'default' }),
  ).map(([path, texts]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), texts]),
);
