// Bundles the three programs. What they need at run time is inside: the packed tarball has no dependencies.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { build as viteBuild } from 'vite';
import { ROOT } from './root.mjs';

export async function build() {
  await Promise.all([
    bundle('apps/cli'), // each command is a chunk of its own, loaded when it is called: the pipe starts fast
    bundle('apps/collector'),
    buildPage(),
  ]);
}

/** @type {(app: string) => Promise<void>} */
async function bundle(app) {
  const entry = join(ROOT, app, 'src/main.ts');
  if (!existsSync(entry)) return;
  const outdir = join(ROOT, app, 'dist');
  rmSync(outdir, { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    // Bundled CommonJS (express, ws) still calls `require` for Node's own modules; an ES module has none.
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  });
}

async function buildPage() {
  const root = join(ROOT, 'apps/web');
  if (existsSync(join(root, 'index.html'))) await viteBuild({ root, logLevel: 'warn' });
}
