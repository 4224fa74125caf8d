// Traces that the Go on this machine writes now, against what its own reader says of them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { packTransitions } from '../test/pack-transitions.mjs';
import { parseTransitions, readTrace, transitionsOf } from '../test/recordings.ts';

const SHOP = fileURLToPath(new URL('../../../examples/shop', import.meta.url));
const VERSION = /go1\.(\d+)/.exec(spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).stdout ?? '')?.[1];
/** `go tool trace` reads such traces, and prints what it reads as we expect it, from 1.23 on. */
const hasGo = Number(VERSION) >= 23;

const root = mkdtempSync(join(tmpdir(), 'observe-fresh-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.skipIf(!hasGo).each([
  ['./orders', SHOP],
  ['./inventory', SHOP],
  ['context', SHOP],
  ['iter', SHOP],
  ['os/exec', SHOP],
])(
  'go test -trace of %s: each change of each goroutine as Go’s own reader tells it (needs Go 1.23)',
  (pkg, cwd) => {
    const path = join(root, `${pkg.replaceAll(/\W/g, '_')}.trace`);
    spawnSync('go', ['test', '-short', '-count=1', '-trace', path, '-o', `${path}.test`, pkg], { cwd }); // shop's fail on purpose
    const parsed = execFileSync('go', ['tool', 'trace', '-d=parsed', path], {
      encoding: 'utf8',
      maxBuffer: 2 ** 29,
      stdio: ['ignore', 'pipe', 'ignore'],
    });

    const { segments, faults } = readTrace(new Uint8Array(readFileSync(path)));

    const ours = transitionsOf(segments);
    const theirs = parseTransitions(packTransitions(parsed));
    expect(faults).toEqual([]);
    expect(theirs.length).toBeGreaterThan(20);
    expect(ours.map(({ text }) => text)).toEqual(theirs.map(({ text }) => text));
    expect(ours.map(({ atNs }) => atNs)).toEqual(theirs.map(({ atNs }) => atNs));
  },
  60_000,
);
