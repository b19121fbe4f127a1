import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { mockApi } from './dev/mock-plugin.ts';

const api = process.env.CLIENTELE_API;

export default defineConfig({
  plugins: [react(), ...(process.env.CLIENTELE_MOCK ? [mockApi()] : [])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', manifest: true, sourcemap: false, chunkSizeWarningLimit: 800 },
  server: { proxy: api ? { '/api': api } : {} },
  preview: { proxy: api ? { '/api': api } : {} },
});
