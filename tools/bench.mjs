// `npm run bench [name…]`: builds the programs when they are not up to date, bundles the benchmarks and runs them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const here = fileURLToPath(new URL('../bench/', import.meta.url));
run('tools/setup.mjs');
const names = process.argv.slice(2);
if (names.length === 0 || names.includes('latency') || names.includes('chart')) {
  const { findChromium } = await import('./chromium.mjs');
  const chromium = await findChromium();
  if (chromium !== undefined) process.env.CHROMIUM = chromium;
}
await build({
  absWorkingDir: here,
  entryPoints: ['src/main.ts', 'src/fold.ts', 'src/read-trace.ts'],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['@playwright/test'],
  logLevel: 'warning',
});
run('bench/dist/main.js', ...names);

/** @type {(program: string, ...args: string[]) => void} */
function run(program, ...args) {
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
