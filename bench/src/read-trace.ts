// Program: reads an execution trace to full tables, twice, then once more into what it means for tests, and prints what each took as JSON.
// Tables are dropped when they are done.
import { readSync, openSync, closeSync } from 'node:fs';
import { createReader, type Segment } from '@observe/gotrace';
import { ProcessTrace } from '@observe/run';
import { peakBytesOfThis } from './peak-memory.ts';

const CHUNK_BYTES = 1024 * 1024;

const [path = ''] = process.argv.slice(2);
const first = read();
const { user, system } = process.cpuUsage();
const peakBytes = peakBytesOfThis();
const second = read();
const trace = new ProcessTrace();
const given = read((segment) => {
  trace.add(segment);
});
console.log(
  JSON.stringify({
    ...first,
    cpuMs: (user + system) / 1000,
    peakBytes,
    warmMs: second.ms,
    givenMs: given.ms,
    events: second.events,
  }),
);

function read(take?: (segment: Segment) => void): { ms: number; events: number; faults: number } {
  const startMs = performance.now();
  const file = openSync(path, 'r');
  let events = 0;
  const reader = createReader({}, (segment) => {
    events += segment.events;
    take?.(segment);
  });
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const length = readSync(file, chunk);
    if (length === 0) break;
    reader.push(chunk.subarray(0, length));
  }
  reader.end();
  closeSync(file);
  return { ms: performance.now() - startMs, events, faults: reader.faults.length };
}
