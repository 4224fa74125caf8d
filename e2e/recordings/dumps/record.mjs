// Records how Go dies: `node record.mjs`, with the `go` of the PATH, into the folder of its version. Unix only (SIGQUIT).
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const src = join(import.meta.dirname, 'src');
const version = /go\d+\.\d+/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout)?.[0];
if (version === undefined) throw new Error('no go on the PATH');

/** name, folder of `src`, more arguments of `go test`, more environment */
const recordings = [
  ['sigquit', 'sigquit'],
  ['overflow', 'overflow'],
  ['mapwrite', 'mapwrite'],
  ['labels', 'labels', [], { GODEBUG: 'tracebacklabels=1' }],
  ['ancestors', 'ancestors', [], { GODEBUG: 'tracebackancestors=5' }],
  ['bubble', 'bubble'],
  ['nested', 'nested'],
  ['printed', 'printed'],
  ['noeol', 'noeol'],
  ['noeol-crash', 'noeol', [], { GOTRACEBACK: 'crash' }],
  ['noeol-none', 'noeol', [], { GOTRACEBACK: 'none' }],
  ['elided', 'elided'],
  ['cleanup', 'cleanup', ['-run=Test', '-timeout=1s']],
  ['bench', 'cleanup', ['-run=^$', '-bench=.', '-timeout=1s']],
  ['fuzz', 'cleanup', ['-run=Fuzz', '-timeout=1s']],
  ['example', 'cleanup', ['-run=Example', '-timeout=1s']],
  ['suite', 'suite', ['-timeout=1s']],
  ['race', 'raceglobal', ['-race']],
];

mkdirSync(join(import.meta.dirname, version), { recursive: true });
for (const [name, folder, args = [], env = {}] of recordings) {
  const { stdout } = spawnSync('go', ['test', '-count=1', '-trimpath', '-json', ...args, `./${folder}`], {
    cwd: src,
    env: { ...process.env, GOTOOLCHAIN: 'local', ...env },
    maxBuffer: 1 << 28,
  });
  writeFileSync(join(import.meta.dirname, version, `${name}.jsonl`), stdout);
}
