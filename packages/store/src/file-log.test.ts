import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LinesHeader, LogHeader } from '@observe/protocol';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { openLog } from './file-log.ts';
import { encodeRecord, lastSeqOf, type RawRecord } from './raw-record.ts';
import { anyEntry, collect, HOST, lines, plain, recordsOf, type PlainRecord } from './store-contract.ts';

const dirs: string[] = [];
const makeDir = async (): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'observe-log-'));
  dirs.push(dir);
  return dir;
};
afterEach(async () => {
  await Promise.all(dirs.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
});

/** Opens, reads everything, closes. */
async function reopened(dir: string): Promise<{ head: number; have: number; records: PlainRecord[] }> {
  const log = await openLog(dir);
  try {
    return { head: log.head, have: log.have('p'), records: await collect(log.read(1, Infinity)) };
  } finally {
    await log.close();
  }
}

test('a log cut at any byte comes back with its whole records, and goes on', async () => {
  const records = recordsOf(0, [HOST, lines('{"Action":"start"}\n', 'b\n'), lines('torn'), lines('z\n')]);
  const whole = Buffer.concat(records.map(encodeRecord));
  const ends = records.map((_, i) => Buffer.concat(records.slice(0, i + 1).map(encodeRecord)).byteLength);
  const dir = await makeDir();
  const path = join(dir, 'events.jsonl');
  for (let size = 0; size <= whole.byteLength; size++) {
    await writeFile(path, whole.subarray(0, size));
    const survivors = records.filter((_, i) => (ends[i] ?? Infinity) <= size);
    const last = survivors.at(-1);
    const found = await reopened(dir);
    expect(found.records).toEqual(plain(survivors));
    expect(found.head).toBe(last === undefined ? 0 : lastSeqOf(last.header));
    expect((await stat(path)).size).toBe(ends[survivors.length - 1] ?? 0);

    const log = await openLog(dir);
    await log.append(records.slice(survivors.length));
    await log.close();
    expect(await readFile(path)).toEqual(whole);
  }
});

test('what a crash tore off is kept aside', async () => {
  const dir = await makeDir();
  const [record] = recordsOf(0, [lines('a\n')]);
  if (record === undefined) throw new Error('one record');
  const whole = encodeRecord(record);
  await writeFile(join(dir, 'events.jsonl'), Buffer.concat([whole, Buffer.from('{"seq":2,"kin')]));
  await reopened(dir);
  expect(await readFile(join(dir, `events.jsonl.torn-${whole.byteLength}`), 'utf8')).toBe('{"seq":2,"kin');
});

test('a log stops at bytes that are no record, at a gap and at a repetition', async () => {
  const records = recordsOf(0, [lines('a\n'), lines('b\n'), lines('c\n')]);
  const [a, b, c] = records.map(encodeRecord) as [Buffer, Buffer, Buffer];
  const noise = Buffer.alloc(300_000, 'x');
  for (const [bytes, count] of [
    [[a, noise], 1],
    [[a, Buffer.from('{}\n'), b], 1],
    [[a, c], 1],
    [[a, b, b], 2],
    [[noise], 0],
    [[Buffer.alloc(4096)], 0],
  ] as const) {
    const dir = await makeDir();
    await writeFile(join(dir, 'events.jsonl'), Buffer.concat(bytes));
    expect((await reopened(dir)).records).toEqual(plain(records.slice(0, count)));
  }
});

test('reading a range of a large log touches little of it', async () => {
  const dir = await makeDir();
  const log = await openLog(dir);
  const filler = 'x'.repeat(999) + '\n';
  for (let i = 0; i < 50; i++)
    log.appendSync(recordsOf(log.head, [lines(...Array<string>(100).fill(filler)), lines('small\n')]));
  expect(log.bytes).toBeGreaterThan(5_000_000);
  const found = await collect(log.read(2700, 2702));
  expect(found.map(({ header, latin1 }) => [header.seq, latin1.length])).toEqual([[2627, 100_000]]);
  await log.close();
});

test('any records read back from any seq', async () => {
  const dir = await makeDir();
  await fc.assert(
    fc.asyncProperty(fc.array(anyEntry, { maxLength: 20 }), fc.nat(60), fc.nat(60), async (entries, from, length) => {
      await rm(dir, { recursive: true, force: true });
      const log = await openLog(dir);
      try {
        const records = recordsOf(0, entries);
        log.appendSync(records);
        const expected = records.filter(({ header }) => header.seq < from + length && lastSeqOf(header) >= from);
        expect(await collect(log.read(from, from + length))).toEqual(length === 0 ? [] : plain(expected));
      } finally {
        await log.close();
      }
    }),
    { numRuns: 100 },
  );
});

test('one append and another at the same time is a bug of the caller', async () => {
  const log = await openLog(await makeDir());
  const first = log.append(recordsOf(0, [lines('a\n')]));
  await expect(log.append(recordsOf(1, [lines('b\n')]))).rejects.toThrow('during another');
  await first;
  await log.close();
});

test('two producers are told apart', async () => {
  const dir = await makeDir();
  const log = await openLog(dir);
  log.appendSync(recordsOf(0, [lines('a\n', 'b\n')], 'p'));
  const [other] = recordsOf(0, [lines('c\n')], 'q');
  if (other === undefined) throw new Error('one record');
  log.appendSync([{ ...other, header: { ...other.header, seq: 3 } }]);
  expect([log.have('p'), log.have('q'), log.head]).toEqual([2, 1, 3]);
  await log.close();
  expect(await reopened(dir)).toMatchObject({ head: 3, have: 2 });
});

test('a directory that cannot be made says where, and what to do', async () => {
  const dir = await makeDir();
  await writeFile(join(dir, 'file'), '');
  await expect(openLog(join(dir, 'file', 'runs'))).rejects.toMatchObject({
    code: 'unwritable',
    message: expect.stringMatching(/cannot open .*file.*set OBSERVE_HOME/) as string,
  });
});

test.runIf(existsSync('/dev/full'))('a full disk leaves the log as it was, and says so', async () => {
  // /dev/full takes no byte and cannot be cut, like a disk that is full to the last one.
  const dir = await makeDir();
  await symlink('/dev/full', join(dir, 'events.jsonl'));
  const log = await openLog(dir);
  const records = recordsOf(0, [lines('a\n')]);
  const noSpace = { code: 'no-space', message: expect.stringMatching(/no space left.*OBSERVE_HOME/) as string };
  await expect(log.append(records)).rejects.toMatchObject(noSpace);
  expect(() => log.appendSync(records)).toThrow(expect.objectContaining(noSpace) as Error);
  expect([log.head, log.bytes]).toEqual([0, 0]);
});

test('bytes that another process left behind the end do not become part of the log', async () => {
  const dir = await makeDir();
  const log = await openLog(dir);
  const records = recordsOf(0, [lines('a\n'), lines('b\n')]);
  log.appendSync(records.slice(0, 1));
  await appendFile(log.path, 'late bytes of a fenced writer');
  log.appendSync(records.slice(1));
  await log.close();
  expect((await reopened(dir)).records).toEqual(plain(records));
});

/** The record that a line which has not ended would be, after `head`. */
function cutRecord(head: number, text: string): RawRecord & { readonly header: LogHeader & LinesHeader } {
  const [record] = recordsOf(head, [lines(text)]);
  if (record?.header.kind !== 'lines') throw new Error('one record of lines');
  return { header: record.header, payload: record.payload };
}

test('a line that had not ended when its writer died is the last record, once, however it came', async () => {
  const dir = await makeDir();
  const piece = fc.string({ minLength: 1, maxLength: 600, unit: 'grapheme-ascii' });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1 }), async (all) => {
      await rm(dir, { recursive: true, force: true });
      const log = await openLog(dir);
      const ended: RawRecord[] = [];
      for (const [i, pieces] of all.entries()) {
        let text = '';
        for (const added of pieces) {
          text += added;
          log.keepUnfinished(cutRecord(log.head, text).header, Buffer.from(added));
        }
        if (i === all.length - 1) ended.push(cutRecord(log.head, text));
        else {
          // A record of our own comes between the line's beginning and its end.
          log.appendSync(recordsOf(log.head, [HOST]));
          log.keepUnfinished(cutRecord(log.head, text).header, Buffer.alloc(0));
          const whole = recordsOf(log.head, [lines(text + '\n')]);
          log.appendSync(whole);
          ended.push(...recordsOf(log.head - 2, [HOST]), ...whole);
        }
      }
      const found = await reopened(dir);
      expect(found.records).toEqual(plain(ended));
      expect((await reopened(dir)).records).toEqual(plain(ended));
      expect(await readdir(dir)).toEqual(['events.jsonl']);
      await log.close();
    }),
    { numRuns: 50 },
  );
});

test('a line that had not ended is forgotten once the log has it, or is closed', async () => {
  const dir = await makeDir();
  const dead = await openLog(dir);
  dead.keepUnfinished(cutRecord(0, 'half').header, Buffer.from('half'));
  const whole = recordsOf(0, [lines('half a line\n')]);
  dead.appendSync(whole);
  expect((await reopened(dir)).records).toEqual(plain(whole));
  await dead.close();

  const log = await openLog(dir);
  log.keepUnfinished(cutRecord(1, 'more').header, Buffer.from('more'));
  await log.close();
  expect(await readdir(dir)).toEqual(['events.jsonl']);
});

test('noise where a line that had not ended should be is no line', async () => {
  const dir = await makeDir();
  const header = JSON.stringify(cutRecord(0, 'half').header);
  for (const noise of ['', '{}', header, header.padEnd(512) + 'hal', header.padEnd(512) + 'ha\nf', 'x'.repeat(2000)]) {
    await writeFile(join(dir, 'events.jsonl.unfinished'), noise);
    expect((await reopened(dir)).records).toEqual([]);
  }
});
