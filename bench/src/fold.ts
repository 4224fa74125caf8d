// Program: reads a stream from stdin, parses and folds it, and prints what it took as JSON.
import { createRecordFold, emptyRun, type ByteRecord } from '@observe/run';
import { decodeUtf8 } from '@observe/store';
import { readChunks } from './read-chunks.ts';
import { peakBytesOfThis } from './peak-memory.ts';

const startMs = performance.now();
const fold = createRecordFold(decodeUtf8);
let state = emptyRun();
let line = 1;
for (const { payload, count } of readChunks(0)) {
  const header: ByteRecord['header'] = {
    kind: 'lines',
    seq: line,
    line,
    producer: 'bench',
    monoNs: performance.now() * 1e6,
    count,
    bytes: payload.length,
  };
  state = fold(state, [{ header, payload }]);
  line += count;
}
const { quality, tests, packages } = state;
console.log(
  JSON.stringify({
    ms: performance.now() - startMs,
    events: quality.events,
    tests: tests.length,
    packages: packages.length,
    peakBytes: peakBytesOfThis(),
  }),
);
