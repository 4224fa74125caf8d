import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runId, type CollectorFile } from '@observe/protocol';
import { collectorFilePath, readCollectorFile, removeCollectorFile, writeCollectorFile } from './collector-file.ts';
import { isRunId, observeHome } from './home.ts';
import { isAlive, thisProcess } from './process-id.ts';
import { newRunId } from './run-id.ts';

test('the home is where the platform keeps data, unless told', () => {
  expect(observeHome({ OBSERVE_HOME: '/data/o', HOME: '/home/a' }, 'linux')).toBe('/data/o');
  expect(observeHome({ XDG_DATA_HOME: '/home/a/.data' }, 'linux')).toBe(join('/home/a/.data', 'observe'));
  expect(observeHome({ XDG_DATA_HOME: 'relative', HOME: '/home/a' }, 'linux')).toBe(
    join('/home/a', '.local', 'share', 'observe'),
  );
  expect(observeHome({ OBSERVE_HOME: '' }, 'linux')).toBe(join(homedir(), '.local', 'share', 'observe'));
  expect(observeHome({ HOME: '/Users/a' }, 'darwin')).toBe(
    join('/Users/a', 'Library', 'Application Support', 'observe'),
  );
  expect(observeHome({ LOCALAPPDATA: 'C:\\L' }, 'win32')).toBe(join('C:\\L', 'observe'));
});

test('a run id sorts by age, and is one', () => {
  const id = newRunId(new Date(2026, 10, 3, 9, 5, 7), () => 0.999);
  expect(id).toBe('20261103-090507-00zz');
  expect(newRunId(new Date(2026, 10, 3, 9, 5, 7, 1), () => 0) > id).toBe(true);
  expect(newRunId(new Date(2026, 10, 3, 9, 5, 7, 999), () => 0)).toBe('20261103-090507-z700');
  expect(runId.safeParse(newRunId(new Date(), Math.random)).success).toBe(true);
});

test('no path gets through as a run id', () => {
  for (const id of ['..', '.', '', 'a/b', 'a\\b', '/etc', 'A', 'a.b', '.deleted-a', 'a'.repeat(65), 'a\0'])
    expect(isRunId(id), id).toBe(false);
});

test("the collector's file is the user's alone, whole, and removed by its own collector only", async () => {
  const home = await mkdtemp(join(tmpdir(), 'observe-home-'));
  const file: CollectorFile = {
    pid: 42,
    host: '127.0.0.1',
    port: 7117,
    protocol: 1,
    token: 't',
    version: '0.1.0',
    startedAt: 'now',
  };
  expect(await readCollectorFile(home)).toBeUndefined();
  await writeCollectorFile(home, file);
  expect(await readCollectorFile(home)).toEqual(file);
  if (process.platform !== 'win32') expect((await stat(collectorFilePath(home))).mode & 0o777).toBe(0o600);
  expect(await readdir(home)).toEqual(['collector.json']);
  await removeCollectorFile(home, 43);
  expect(await readFile(collectorFilePath(home), 'utf8')).toContain('"pid": 42');
  await writeFile(collectorFilePath(home), '{"pid":');
  expect(await readCollectorFile(home)).toBeUndefined();
  await writeCollectorFile(home, file);
  await removeCollectorFile(home, 42);
  expect(await readdir(home)).toEqual([]);
  await rm(home, { recursive: true });
});

test('a pid that is used again is not the process it was', () => {
  const self = thisProcess();
  expect(isAlive(self)).toBe(true);
  expect(isAlive({ pid: 2 ** 30 })).toBe(false);
  expect(isAlive({ ...self, started: '1' })).toBe(self.started === undefined);
});
