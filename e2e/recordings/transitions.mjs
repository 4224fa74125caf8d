// `node e2e/recordings/transitions.mjs FILE.trace…`: what Go's own reader says of each goroutine, in its order, beside the trace
// as FILE.transitions.gz. Needs `go` (1.26 or later: it reads all older traces, too).
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTransitions } from '../../packages/gotrace/test/pack-transitions.mjs';

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
