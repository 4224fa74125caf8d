// `node tools/setup.mjs`: install from the lockfile, then build; each only when its inputs have changed since the last time.
// Runs on a bare clone: nothing but Node may be imported here before the install is done.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './root.mjs';
import { packageManagerEnv, run } from './run.mjs';

const STAMPS = join(ROOT, 'node_modules/.cache/observe');
/** What the build writes: it is done again when one is missing. */
const BUILT = [
  'apps/cli/dist/main.js',
  'apps/collector/dist/main.js',
  'apps/collector/dist/trace-worker.js',
  'apps/web/dist/index.html',
  'apps/web/dist/snapshot.html',
];

/** Throws with what to do when a step fails. Says what it does on stderr, and nothing when there is nothing to do. */
export async function setup() {
  checkNode();
  const manifests = hashOf(manifestFiles());
  if (stampOf('install') !== manifests) {
    await install();
    stamp('install', manifests);
  }
  const sources = hashOf([...sourceFiles()]) + manifests;
  if (stampOf('build') !== sources || !BUILT.every((path) => existsSync(join(ROOT, path)))) {
    console.error('building …');
    const { build } = await import('./build.mjs');
    await build();
    stamp('build', sources);
  }
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`observe needs Node 20.19 or newer; this is Node ${process.versions.node}`);
}

async function install() {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  console.error(`installing with ${packageManager} …`);
  const args = ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'];
  const { code, output } = await run('npx', args, { env: packageManagerEnv() });
  if (code !== 0) throw new Error(`the install failed: npx ${args.join(' ')}\n${output}`);
}

function manifestFiles() {
  const manifests = ['.', 'e2e', 'bench', ...rooms()].map((room) => `${room}/package.json`);
  return ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', ...manifests].filter((path) =>
    existsSync(join(ROOT, path)),
  );
}

/** What the built programs are made of: tests and the testkit are not. */
function* sourceFiles() {
  yield* ['tools/build.mjs', 'tools/licenses.mjs'];
  for (const room of rooms()) if (room !== 'packages/testkit') yield* filesUnder(room);
}

/** The folders of the packages and the apps. */
const rooms = () =>
  ['apps', 'packages'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${folder}/${name}`),
  );

/** @type {(folder: string) => Generator<string>} */
function* filesUnder(folder) {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'dist') yield* filesUnder(path);
    } else if (!/\.test\.tsx?$|\.md$/.test(entry.name)) yield path;
  }
}

/** @type {(paths: readonly string[]) => string} */
function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) hash.update(`${path}\0`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

/** @type {(name: string) => string | undefined} */
function stampOf(name) {
  const path = join(STAMPS, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** @type {(name: string, value: string) => void} */
function stamp(name, value) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, name), value);
}

if (realpathSync(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  await setup().catch((/** @type {Error} */ error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
