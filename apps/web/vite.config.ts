import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page as the collector serves it. The single-file page of snapshots: vite.snapshot.config.ts. */
export default defineConfig({
  plugins: [react()],
  // One chunk: it comes from this machine, and all of it is needed.
  build: { target: 'es2023', sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  // A collector on its usual port, while one works on the page.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:7117', ws: true }, '/open': 'http://127.0.0.1:7117' } },
});
