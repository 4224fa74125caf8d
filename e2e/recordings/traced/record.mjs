// Records runs of `src` with the trace of each package: `node record.mjs`, with the `go` of the PATH, into the folder of its version.
// Unix only: `-exec` is a shell script.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const src = join(import.meta.dirname, 'src');
const version = /go\d+\.\d+/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout)?.[0];
if (version === undefined) throw new Error('no go on the PATH');
const folder = join(import.meta.dirname, version);

/** name, which is a folder of `src`; more arguments of `go test` */
const recordings = [
  ['prints', ['-parallel=4']],
  ['files', ['-parallel=4']],
  ['kinds', ['-count=2', '-bench=.', '-benchtime=5x', '-parallel=4']],
  ['lost', ['-v']],
];

const scratch = mkdtempSync(join(tmpdir(), 'record-'));
const wrapper = join(scratch, 'traced.sh');
writeFileSync(wrapper, '#!/bin/sh\nexec "$@" "-test.trace=$RECORDED_TRACE"\n');
chmodSync(wrapper, 0o755);
mkdirSync(folder, { recursive: true });
for (const [name, args] of recordings) {
  const { stdout } = spawnSync('go', ['test', '-trimpath', '-json', `-exec=${wrapper}`, '-count=1', ...args, `./${name}`], {
    cwd: src,
    // Benchmarks collect garbage and yield until it is swept: tens of thousands of events, unless the world is stopped for it.
    env: { ...process.env, GOTOOLCHAIN: 'local', GODEBUG: 'gcstoptheworld=2', RECORDED_TRACE: join(folder, `${name}.trace`) },
    maxBuffer: 1 << 28,
  });
  writeFileSync(join(folder, `${name}.jsonl`), stdout);
}
rmSync(scratch, { recursive: true });
