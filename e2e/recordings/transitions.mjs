// `node e2e/recordings/transitions.mjs FILE.trace…`: what Go's own reader says of each goroutine, in its order, beside the trace
// as FILE.transitions.gz. Needs `go` (1.26 or later: it reads all older traces, too).
//
// A line a transition: ns since the line before (the first: since the trace's first event), goroutine, old and new state as one
// digit each (0 does not exist, 1 runnable, 2 running, 3 syscall, 4 waiting, 5 undetermined), goroutine in whose context it
// happened (-1: none), reason.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const STATES = ['NotExist', 'Runnable', 'Running', 'Syscall', 'Waiting', 'Undetermined'];
const LINE = /^M=\S+ P=\S+ G=(\S+) StateTransition Time=(\d+) GoID=(\d+) (\w+)->(\w+) Reason="(.*)"$/;

/** `text`: what `go tool trace -d=parsed` prints. @type {(text: string) => string[]} */
export function packTransitions(text) {
  let lastNs = Number(/ Time=(\d+)/.exec(text)?.[1]);
  const lines = [];
  for (const line of text.split('\n')) {
    const [, by, time, goid, from, to, reason] = LINE.exec(line) ?? [];
    if (time === undefined) continue;
    const states = `${STATES.indexOf(from ?? '')}${STATES.indexOf(to ?? '')}`;
    lines.push(`${Number(time) - lastNs} ${goid} ${states} ${by} ${reason}`.trimEnd());
    lastNs = Number(time);
  }
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of process.argv.slice(2)) {
    const plain = join(tmpdir(), `transitions-${process.pid}.trace`);
    const bytes = readFileSync(file);
    writeFileSync(plain, file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
    const text = execFileSync('go', ['tool', 'trace', '-d=parsed', plain], {
      encoding: 'utf8',
      maxBuffer: 2 ** 29,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines = packTransitions(text);
    writeFileSync(file.replace(/\.trace(\.gz)?$/, '.transitions.gz'), gzipSync(lines.join('\n') + '\n', { level: 9 }));
    console.log(`${file}: ${lines.length} transitions`);
  }
}
