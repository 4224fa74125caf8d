import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileStore } from './file-store.ts';
import { trimArtifacts } from './trim-artifacts.ts';

const idOf = (day: number): string => `2026112${day}-120000-aaaa`;
test('the oldest runs lose their artifacts, but neither those that are written nor the newest', async () => {
  const home = mkdtempSync(join(tmpdir(), 'observe-trim-'));
  const store = openFileStore(home);
  const sizes = (): Promise<number[]> =>
    Promise.all([1, 2, 3, 4].map(async (day) => (await store.artifactSizes(idOf(day))).get('trace-1') ?? 0));
  expect(await trimArtifacts(home, store, 0)).toEqual([]);
  for (const day of [3, 1, 4, 2]) {
    const writer = await store.claim(idOf(day), 'test');
    await writer.putChunk('trace-1', 0, new Uint8Array(100));
    if (day !== 1) await writer.release();
  }
  expect(await trimArtifacts(home, store, 400)).toEqual([]);
  expect(await trimArtifacts(home, store, 399)).toEqual([idOf(2)]);
  expect(await sizes()).toEqual([100, 0, 100, 100]);
  expect(await trimArtifacts(home, store, 0)).toEqual([idOf(3)]);
  expect(await sizes()).toEqual([100, 0, 0, 100]);
  await store.close();
  rmSync(home, { recursive: true, force: true });
});
