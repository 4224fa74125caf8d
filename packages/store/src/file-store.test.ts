import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingBytes } from '@observe/testkit';
import { expect, test } from 'vitest';
import { FORMAT } from '@observe/protocol';
import { openFileStore } from './file-store.ts';
import { all, lines, plain, recordsOf, storeContract } from './store-contract.ts';

storeContract('the file store', async () => {
  const home = await mkdtemp(join(tmpdir(), 'observe-store-'));
  const store = openFileStore(home);
  return {
    store,
    kill: async (runId) => die(join(home, 'runs', runId)),
    async dispose() {
      await store.close();
      await rm(home, { recursive: true, force: true });
    },
  };
});

/** Makes the lease look like that of a process which is gone: pids end at 2^22 on Linux. */
function die(dir: string): void {
  for (const name of readdirSync(dir).filter((n) => n.startsWith('lease-'))) {
    const path = join(dir, name);
    const lease = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...lease, pid: 2 ** 30 }));
  }
}

const withHome = async (body: (home: string) => Promise<void>): Promise<void> => {
  const home = await mkdtemp(join(tmpdir(), 'observe-store-'));
  try {
    await body(home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};

test('of many that claim a run at once, one gets it', () =>
  withHome(async (home) => {
    const stores = Array.from({ length: 8 }, () => openFileStore(home));
    const claims = await Promise.allSettled(stores.map((store) => store.claim('r-1', 'test')));
    expect(claims.filter((claim) => claim.status === 'fulfilled')).toHaveLength(1);
    for (const claim of claims) if (claim.status === 'rejected') expect(claim.reason).toMatchObject({ code: 'held' });
    await Promise.all(stores.map((store) => store.close()));
  }));

test('a reader without a claim sees what another store appends, as it grows', () =>
  withHome(async (home) => {
    const [writing, reading] = [openFileStore(home), openFileStore(home)];
    const writer = await writing.claim('r-1', 'test');
    const records = recordsOf(0, [lines('a\n'), lines('b\n', 'c\n')]);
    writer.appendSync(records.slice(0, 1));
    expect(await all(reading, 'r-1')).toEqual(plain(records.slice(0, 1)));
    await writer.append(records.slice(1));
    expect(await all(reading, 'r-1')).toEqual(plain(records));
    expect(await all(reading, 'r-1', 2)).toEqual(plain(records.slice(1)));
    await writing.close();
  }));

test('a reader does not repair the log that another writes', () =>
  withHome(async (home) => {
    const store = openFileStore(home);
    const writer = await store.claim('r-1', 'test');
    const records = recordsOf(0, [lines('a\n')]);
    writer.appendSync(records);
    const path = join(home, 'runs', 'r-1', 'events.jsonl');
    appendFileSync(path, '{"seq":2,"half a rec');
    const size = statSync(path).size;
    expect(await all(openFileStore(home), 'r-1')).toEqual(plain(records));
    expect(statSync(path).size).toBe(size);
    await store.close();
  }));

test('a line that a dead writer had begun to read is read at the end of its log, that of a living one is not', () =>
  withHome(async (home) => {
    const store = openFileStore(home);
    const writer = await store.claim('r-1', 'test');
    const [whole, half] = recordsOf(0, [lines('a\n'), lines('half')]);
    if (whole === undefined || half?.header.kind !== 'lines') throw new Error('two records of lines');
    writer.appendSync([whole]);
    writer.keepUnfinished(half.header, half.payload);
    expect(await all(store, 'r-1')).toEqual(plain([whole]));
    die(join(home, 'runs', 'r-1'));
    expect(await all(openFileStore(home), 'r-1')).toEqual(plain([whole, half]));
    expect(await all(openFileStore(home), 'r-1', 2, 3)).toEqual(plain([half]));
    expect(await all(openFileStore(home), 'r-1', 1, 2)).toEqual(plain([whole]));
    const heir = openFileStore(home);
    expect((await heir.claim('r-1', 'test')).head).toBe(2);
    expect(await all(heir, 'r-1')).toEqual(plain([whole, half]));
    await heir.close();
    await store.close();
  }));

test('a run of a later format is neither read as ours nor written', () =>
  withHome(async (home) => {
    const store = openFileStore(home);
    mkdirSync(join(home, 'runs', 'r-1'), { recursive: true });
    writeFileSync(join(home, 'runs', 'r-1', 'run.json'), JSON.stringify({ format: FORMAT + 1, id: 'r-1' }));
    writeFileSync(join(home, 'runs', 'r-1', 'events.jsonl'), 'a format of tomorrow');
    expect(await store.list()).toEqual([{ id: 'r-1', summary: undefined, isNewer: true }]);
    await expect(store.claim('r-1', 'test')).rejects.toMatchObject({ code: 'newer-format' });
    expect(readFileSync(join(home, 'runs', 'r-1', 'events.jsonl'), 'utf8')).toBe('a format of tomorrow');
  }));

test('an id that would lead out of the store is no run', () =>
  withHome(async (home) => {
    const store = openFileStore(home);
    for (const id of ['..', '../../etc', 'a/b', '.deleted-x']) {
      await expect(store.claim(id, 'test')).rejects.toMatchObject({ code: 'not-found' });
      await expect(store.delete(id)).rejects.toMatchObject({ code: 'not-found' });
      expect(await store.summary(id)).toBeUndefined();
    }
  }));

test('a run that was kept in format 1 is listed, read and gone on with', () =>
  withHome(async (home) => {
    const store = openFileStore(home);
    const id = '20261125-104450-fkdp';
    const dir = join(home, 'runs', id);
    mkdirSync(dir, { recursive: true });
    for (const name of ['events.jsonl', 'run.json']) {
      writeFileSync(join(dir, name), recordingBytes(`formats/1/${name}`));
    }
    expect(await store.list()).toMatchObject([{ id, isNewer: false, summary: { format: 1, verdict: 'failed' } }]);
    const before = await all(store, id);
    expect(before.length).toBeGreaterThan(2);
    const writer = await store.claim(id, 'test');
    expect(writer.head).toBe(before.at(-1)?.header.seq);
    await writer.append(recordsOf(writer.head, [lines('{"Action":"start"}\n')], 'another'));
    expect(await all(store, id)).toHaveLength(before.length + 1);
    await writer.release();
  }));
