import { fileURLToPath } from 'node:url';

// The tools are those of the web app: one install and one lock file serve both.
const tool = (path: string) =>
  fileURLToPath(new URL(`../web/node_modules/${path}`, import.meta.url));

export default {
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    alias: {
      'playwright-core': tool('playwright-core/index.mjs'),
      'axe-core': tool('axe-core/axe.js'),
    },
  },
  test: {
    // The customers and duplicates specs join when they pass as a whole
    // (docs/ROADMAP.md); until then they are run by name.
    include: process.env.SPEC
      ? [process.env.SPEC]
      : ['first-run.spec.ts', 'imports.spec.ts', 'screens.spec.ts', 'tiers.spec.ts'],
    // Each file starts a program and a browser of its own; two cores carry one pair well.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default'],
  },
};
