import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FORMAT } from '@observe/protocol';
import { createSpool, listSpools, openSpool, readSpool } from './spool.ts';
import { collect, HOST, lines, plain, recordsOf } from './store-contract.ts';

const home = mkdtempSync(join(tmpdir(), 'observe-spool-'));
afterAll(() => rm(home, { recursive: true, force: true }));

test('a spool whose process is gone is an orphan, and is sent from where it lies', async () => {
  expect(await listSpools(home)).toEqual([]);
  const spool = await createSpool(home, { runId: 'r-1', producer: 'p' });
  const records = recordsOf(0, [HOST, lines('a\n', 'b\n')]);
  spool.log.appendSync(records);
  expect(await listSpools(home)).toEqual([{ runId: 'r-1', producer: 'p', isOrphan: false }]);
  await spool.log.close();

  const path = join(home, 'spool', 'r-1', 'spool.json');
  await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), pid: 2 ** 30 }));
  const [orphan] = await listSpools(home);
  if (orphan === undefined) throw new Error('no spool');
  expect(orphan.isOrphan).toBe(true);
  const found = await openSpool(home, orphan);
  expect(await collect(found.log.read(1, Infinity))).toEqual(plain(records));
  await found.remove();
  expect(await readdir(join(home, 'spool'))).toEqual([]);
});

test('what is no spool of ours is left alone', async () => {
  for (const [id, text] of [
    ['r-2', '{'],
    ['r-3', JSON.stringify({ format: FORMAT + 1, runId: 'r-3', producer: 'p', pid: 1 })],
    ['r-4', JSON.stringify({ format: 1, runId: '../r-4', producer: 'p', pid: 1 })],
  ] as const) {
    await mkdir(join(home, 'spool', id), { recursive: true });
    await writeFile(join(home, 'spool', id, 'spool.json'), text);
    expect(await readSpool(home, id)).toBeUndefined();
  }
  expect(await listSpools(home)).toEqual([]);
});
