// Program, run by hand (some minutes): whether tests come out the same with and without capture. Runs packages of Go's own library
// with `go test -json` and with `observe test`, and prints each test whose outcome differs.
//   node tools/compare-outcomes.mjs [packages…]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

const PACKAGES =
  'context database/sql io net/http sync bufio bytes compress/flate encoding/json net net/rpc os/exec runtime/pprof sort strings testing time'.split(
    ' ',
  );
const packages = process.argv.length > 2 ? process.argv.slice(2) : PACKAGES;
const home = mkdtempSync(join(tmpdir(), 'observe-outcomes-'));
const OPTIONS = ['-short', '-count=1'];

/** @param {string} stream */
function outcomesOf(stream) {
  const outcomes = new Map();
  for (const line of stream.split('\n')) {
    if (!line.startsWith('{')) continue;
    const { Action, Package, Test } = JSON.parse(line);
    if (['pass', 'fail', 'skip'].includes(Action)) outcomes.set(`${Package} ${Test ?? '(package)'}`, Action);
  }
  return outcomes;
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const env = { ...process.env, CI: '1', OBSERVE_HOME: home };
  return spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'ignore'] });
}

let differences = 0;
for (const pkg of packages) {
  const plain = run('go', ['test', '-json', ...OPTIONS, pkg]);
  const observe = join(ROOT, 'apps/cli/bin/observe.js');
  const captured = run(process.execPath, [observe, 'test', '--tee', ...OPTIONS, pkg]);
  const [before, after] = [outcomesOf(plain.stdout), outcomesOf(captured.stdout)];
  let found = plain.status === captured.status ? 0 : 1;
  for (const test of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(test) === after.get(test)) continue;
    found++;
    console.log(`  ${test}: ${before.get(test) ?? 'none'} without, ${after.get(test) ?? 'none'} with capture`);
  }
  console.log(
    `${pkg}: ${after.size} outcomes, exit code ${plain.status} without, ${captured.status} with${found === 0 ? '' : ' ← differs'}`,
  );
  differences += found;
}
rmSync(home, { recursive: true, force: true });
console.log(differences === 0 ? 'the same with and without capture' : `${differences} differences`);
process.exitCode = differences === 0 ? 0 : 1;
