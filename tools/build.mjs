// Bundles the three programs. What they need at run time is inside: the packed tarball has no dependencies.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as esbuild from 'esbuild';
import { build as viteBuild } from 'vite';
import { licensesOf } from './licenses.mjs';
import { ROOT } from './root.mjs';

export async function build() {
  await Promise.all([
    bundle('apps/cli'), // each command is a chunk of its own, loaded when it is called: the pipe starts fast
    bundle('apps/collector', 'trace-worker.ts', 'traces-worker.ts'), // threads: programs of their own
    buildPage(),
  ]);
}

/** @type {(app: string, ...programs: string[]) => Promise<void>} `programs`: beside `main.ts` */
async function bundle(app, ...programs) {
  const outdir = join(ROOT, app, 'dist');
  const { metafile } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ['main.ts', ...programs].map((program) => join(ROOT, app, 'src', program)),
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
  // What an earlier build left goes last: a program that starts meanwhile finds all of one build or all of the other.
  const kept = new Set([
    'LICENSES.md',
    ...Object.keys(metafile.outputs).map((path) => relative(outdir, join(ROOT, path))),
  ]);
  for (const entry of readdirSync(outdir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(relative(outdir, path))) rmSync(path);
  }
}

/** The page, and the same page as one file, for snapshots. */
async function buildPage() {
  const root = join(ROOT, 'apps/web');
  const page = { root, logLevel: /** @type {const} */ ('warn') };
  await viteBuild({
    ...page,
    configFile: join(root, 'vite.config.ts'),
    build: { license: { fileName: 'LICENSES.md' } },
  });
  await viteBuild({ ...page, configFile: join(root, 'vite.snapshot.config.ts') }); // of the same packages
}
