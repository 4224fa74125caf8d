import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { median } from './measure.ts';
import { milliseconds, type Row } from './report.ts';
import { CACHE } from './stream/cache.ts';
import { openThreads } from './trace-threads.ts';

/** How often the file is looked at; part of the delay. */
const LOOK_MS = 10;
const GOAL_MS = 100;

/** The tests of net/http write a trace while it is read: from the last byte of a generation on disk to its rows here. */
export async function benchLiveTrace(program: string): Promise<Row[]> {
  if (!existsSync(program)) return [{ what: 'a growing trace', value: 'not measured: no test program of net/http' }];
  const path = join(CACHE, 'live.trace');
  rmSync(path, { force: true });
  /** What the file's size was, and since when. */
  const sizes: { bytes: number; atMs: number }[] = [];
  const delaysMs: number[] = [];
  const door = openThreads(1, ({ offset, byteLength, isLast, isComplete }) => {
    const onDisk = sizes.find(({ bytes }) => bytes >= offset + byteLength);
    if (isLast && isComplete && onDisk !== undefined) delaysMs.push(performance.now() - onDisk.atMs);
  });
  const tests = spawn(program, ['-test.short', `-test.trace=${path}`], { cwd: CACHE, stdio: 'ignore' });
  const ended = new Promise((resolve) => tests.on('close', resolve));
  const isRunning = { value: true };
  void ended.then(() => (isRunning.value = false));
  let read = 0;
  for (let isLast = false; !isLast;) {
    isLast = !isRunning.value; // one look more: the last bytes come before the end
    const bytes = existsSync(path) ? statSync(path).size : 0;
    if (bytes > read) {
      sizes.push({ bytes, atMs: performance.now() });
      await door.push(bytesFrom(path, read, bytes));
      read = bytes;
    }
    await after(LOOK_MS);
  }
  await door.end();
  rmSync(path, { force: true });
  const mostMs = Math.max(...delaysMs);
  return [
    {
      what: `last byte of a generation on disk → its rows (${delaysMs.length} generations, looked for every ${LOOK_MS} ms)`,
      value: `median ${milliseconds(median(delaysMs) + LOOK_MS / 2)}, most ${milliseconds(mostMs + LOOK_MS)}`,
      goal: `≤ ${GOAL_MS} ms`,
      isMet: mostMs + LOOK_MS <= GOAL_MS,
    },
  ];
}

function bytesFrom(path: string, from: number, to: number): Uint8Array<ArrayBuffer> {
  const file = openSync(path, 'r');
  const bytes = new Uint8Array(to - from);
  const length = readSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
  return length === bytes.length ? bytes : bytes.slice(0, length);
}
