// `npm start`: sets everything up, starts the collector (or meets the one that runs), and shows it a run of examples/shop:
// a real one where Go is, else a recorded one at its own speed. Leaves the collector serving.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

const OBSERVE = join(ROOT, 'apps/cli/bin/observe.js');
const SHOP = join(ROOT, 'examples/shop');
const RECORDING = join(ROOT, 'e2e/recordings/shop/go1.27/run.jsonl');
// -count=1: always run, never replay; -timeout: one of its tests hangs by design.
const GO_TEST_FLAGS = '-count=1 -parallel=4 -timeout=5s ./...';

await start().catch((/** @type {Error} */ error) => {
  console.error(error.message);
  process.exitCode = 2;
});

async function start() {
  await setup();
  const node = `"${process.execPath}"`;
  const observe = `${node} "${OBSERVE}"`;
  const ours = '--collector=auto --name=examples/shop';
  if (await hasGo()) {
    console.log(`cd examples/shop && observe test ${GO_TEST_FLAGS}\n`);
    await shell(`${observe} test ${ours} ${GO_TEST_FLAGS}`, SHOP);
  } else {
    console.log('Go 1.22 or newer is not on the PATH: playing a recorded run of examples/shop, at its own speed\n');
    await shell(`${node} tools/play.mjs "${RECORDING}" | ${observe} ${ours}`, ROOT);
  }
  const { code, output } = await run(process.execPath, [OBSERVE, 'open', 'last', '--print']);
  if (code !== 0) throw new Error(output);
  console.log(`
That suite fails by design: examples/README.md says why. Its page:
  ${output.trim()}
Now with your own tests, and their goroutines:
  node ${OBSERVE} test ./...
or the stream alone:
  go test -json ./... | node ${OBSERVE}`);
}

/** Is there a go command, and is it new enough for the example? */
async function hasGo() {
  const { code, output } = await run('go', ['env', 'GOVERSION']);
  return code === 0 && Number(/^go1\.(\d+)/.exec(output)?.[1]) >= 22;
}

/**
 * Runs a line as a user would type it. That the example's tests fail (1) is as it should be; a fault of our own is not.
 *
 * @param {string} line
 * @param {string} cwd
 * @returns {Promise<void>}
 */
function shell(line, cwd) {
  return new Promise((done, fail) => {
    spawn(line, { cwd, shell: true, stdio: ['ignore', 'inherit', 'inherit'] })
      .on('error', fail)
      .on('exit', (code) => (code === 0 || code === 1 ? done() : fail(new Error(`exit code ${code}: ${line}`))));
  });
}
