import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileStore } from './file-store.ts';
import { trimArtifacts } from './trim-artifacts.ts';

const idOf = (day: number): string => `2026112${day}-120000-aaaa`;
test('the oldest run loses its artifacts first, the largest of them first; one that is written keeps all', async () => {
  const home = mkdtempSync(join(tmpdir(), 'observe-trim-'));
  const store = openFileStore(home);
  const left = (): Promise<string[]> =>
    Promise.all([1, 2, 3].map(async (day) => [...(await store.artifactSizes(idOf(day))).keys()].sort().join()));
  expect(await trimArtifacts(home, store, 0)).toBe(0);
  for (const day of [3, 1, 2]) {
    const writer = await store.claim(idOf(day), 'test');
    await writer.putChunk('cpu-1', 0, new Uint8Array(10));
    await writer.putChunk('trace-1', 0, new Uint8Array(100));
    if (day !== 1) await writer.release();
  }
  expect(await trimArtifacts(home, store, 330)).toBe(0);
  expect(await trimArtifacts(home, store, 230)).toBe(1);
  expect(await left()).toEqual(['cpu-1,trace-1', 'cpu-1', 'cpu-1,trace-1']);
  expect(await trimArtifacts(home, store, 120)).toBe(2);
  expect(await left()).toEqual(['cpu-1,trace-1', '', 'cpu-1']);
  expect(await trimArtifacts(home, store, 0)).toBe(1);
  expect(await left()).toEqual(['cpu-1,trace-1', '', '']);
  await store.close();
  rmSync(home, { recursive: true, force: true });
});
