// Program: reads an execution trace to full tables, twice, then once more into what it means for tests, and prints what each took as JSON.
// `read-trace FILE`: in this thread; `read-trace FILE 1` or `2`: behind a door, in so many threads. Tables are dropped when they are done.
import { readSync, openSync, closeSync } from 'node:fs';
import { createReader, type Segment } from '@observe/gotrace';
import { ProcessTrace } from '@observe/run';
import { peakBytesOfThis } from './peak-memory.ts';
import { openThreads } from './trace-threads.ts';

const CHUNK_BYTES = 1024 * 1024;

const [path = '', threads = '0'] = process.argv.slice(2);
const first = await read();
const { user, system } = process.cpuUsage();
const peakBytes = peakBytesOfThis();
const second = await read();
const trace = new ProcessTrace();
const given = await read((segment) => trace.add(segment));
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

async function read(take?: (segment: Segment) => void): Promise<{ ms: number; events: number; faults: number }> {
  const startMs = performance.now();
  let events = 0;
  const count = (segment: Segment): void => {
    events += segment.events;
    take?.(segment);
  };
  const file = openSync(path, 'r');
  const faults = threads === '0' ? readHere(file, count) : await readThere(file, count);
  closeSync(file);
  return { ms: performance.now() - startMs, events, faults };
}

function readHere(file: number, onSegment: (segment: Segment) => void): number {
  const reader = createReader({}, onSegment);
  for (const chunk of chunksOf(file)) reader.push(chunk);
  reader.end();
  return reader.faults.length;
}

async function readThere(file: number, onSegment: (segment: Segment) => void): Promise<number> {
  const door = openThreads(Number(threads), onSegment);
  for (const chunk of chunksOf(file)) await door.push(chunk);
  await door.end();
  return door.faults.length;
}

function* chunksOf(file: number): Generator<Uint8Array<ArrayBuffer>> {
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const length = readSync(file, chunk);
    if (length === 0) return;
    yield length === chunk.length ? chunk : chunk.slice(0, length);
  }
}
