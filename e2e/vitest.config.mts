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
    // One file alone is run by its name: SPEC=tiers.spec.ts
    include: [process.env.SPEC ?? '*.spec.ts'],
    // Each file starts a program and a browser of its own; two cores carry one pair well.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default'],
  },
};
