import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DOOR_CASES, recordingBytes } from '@observe/testkit';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

test.each(DOOR_CASES)('a door to a worker thread $sentence', async ({ run, expected }) => {
  expect(await run((onSegment) => openTraceDoor(onSegment, {}, program.url), TRACE)).toEqual(expected(TRACE));
});

test('a thread that cannot start rejects', async () => {
  const door = openTraceDoor(() => undefined, {}, new URL('none.mjs', program.url));
  await expect(door.end()).rejects.toThrow('none.mjs');
  await expect(door.push(TRACE.slice())).rejects.toThrow('none.mjs');
});

test('limits reach the reader', async () => {
  const door = openTraceDoor(() => undefined, { generationBytes: 1000 }, program.url);
  await door.push(TRACE.slice());
  await door.end();
  expect(door.faults.map(({ kind }) => kind)).toContain('too-large');
});
