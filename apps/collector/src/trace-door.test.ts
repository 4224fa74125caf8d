import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createReader } from '@observe/gotrace';
import { DOOR_CASES, recordingBytes, type OpenDoor } from '@observe/testkit';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTraceDoor } from './trace-door.ts';

const TRACE = new Uint8Array(recordingBytes('shop/go1.27/reports.trace'));

/** The thread's program, bundled as it is for the collector. */
const program = { dir: '', url: new URL('file:///') };
beforeAll(async () => {
  program.dir = await mkdtemp(join(tmpdir(), 'observe-trace-worker-'));
  const outfile = join(program.dir, 'trace-worker.mjs');
  program.url = pathToFileURL(outfile);
  const entry = fileURLToPath(new URL('trace-worker.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
}, 60_000);
afterAll(() => rm(program.dir, { recursive: true, force: true }));

describe.each([1, 2] as const)('a door to %i worker threads', (threads) => {
  test.each(DOOR_CASES)('$sentence', async ({ run, expected }) => {
    const open: OpenDoor = (onSegment) => openTraceDoor(onSegment, { threads, program: program.url });
    expect(await run(open, TRACE)).toEqual(expected(TRACE));
  });

  test('limits reach the reader', async () => {
    const door = openTraceDoor(() => undefined, { threads, limits: { generationBytes: 1000 }, program: program.url });
    await door.push(TRACE.slice());
    await door.end();
    expect(door.faults.map(({ kind }) => kind)).toContain('too-large');
  });

  test('a thread that cannot start rejects', async () => {
    const door = openTraceDoor(() => undefined, { threads, program: new URL('none.mjs', program.url) });
    await expect(door.end()).rejects.toThrow('none.mjs');
    await expect(door.push(TRACE.slice())).rejects.toThrow('none.mjs');
  });
});

test('of a growing file, the rows of a generation are here before the next one is written', async () => {
  const bytes = new Uint8Array(recordingBytes('shop/go1.27/auth.trace'));
  const reader = createReader();
  const ends = [...reader.push(bytes)].map(({ offset, byteLength }) => offset + byteLength);
  expect(ends.length).toBeGreaterThan(2);

  const path = join(program.dir, 'growing.trace');
  const given: number[] = [];
  const latch = { open: (): void => undefined };
  const door = openTraceDoor(
    ({ offset, byteLength }) => {
      given.push(offset + byteLength);
      latch.open();
    },
    { program: program.url },
  );
  let read = 0;
  for (const [i, end] of ends.entries()) {
    const isGiven = new Promise<void>((resolve) => (latch.open = resolve));
    await appendFile(path, bytes.subarray(ends[i - 1] ?? 0, end));
    const grown = await readFile(path);
    await door.push(new Uint8Array(grown.subarray(read)));
    read = grown.length;
    await isGiven;
    expect(given).toEqual(ends.slice(0, i + 1));
  }
  door.close();
});
