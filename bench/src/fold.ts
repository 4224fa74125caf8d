// Program: reads a stream from stdin, parses and folds it, and prints what it took as JSON.
import type { LogRecord } from '@observe/protocol';
import { createRecordReader, emptyRun, reduceRun } from '@observe/run';
import { readChunks } from './read-chunks.ts';
import { peakBytesOfThis } from './peak-memory.ts';

const startMs = performance.now();
const reader = createRecordReader();
let state = emptyRun();
let line = 1;
for (const { text, count } of readChunks(0)) {
  const header: LogRecord['header'] = {
    kind: 'lines',
    seq: line,
    line,
    producer: 'bench',
    monoNs: performance.now() * 1e6,
    count,
    bytes: text.length,
  };
  state = reduceRun(state, reader.read({ header, text }));
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
