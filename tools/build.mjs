// Bundles the three programs. What they need at run time is inside: the packed tarball has no dependencies.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { build as viteBuild } from 'vite';
import { licensesOf } from './licenses.mjs';
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
  const { metafile } = await esbuild.build({
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
    metafile: true,
    // Bundled CommonJS (express, ws) still calls `require` for Node's own modules; an ES module has none.
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  writeFileSync(join(outdir, 'LICENSES.md'), licensesOf(inputs.map((path) => join(ROOT, path))));
}

/** The page, and the same page as one file, for snapshots. */
async function buildPage() {
  const root = join(ROOT, 'apps/web');
  for (const config of ['vite.config.ts', 'vite.snapshot.config.ts']) {
    const configFile = join(root, config);
    if (!existsSync(configFile)) continue;
    await viteBuild({ root, configFile, logLevel: 'warn', build: { license: { fileName: 'LICENSES.md' } } });
  }
}
