import type { RawRecord } from '@observe/store';
import { expect, test } from 'vitest';
import { KeptLog, type DiskLog } from './kept-log.ts';

const record = (seq: number, text: string): RawRecord => {
  const payload = Buffer.from(text);
  const count = text.split('\n').length - 1;
  return { header: { kind: 'lines', seq, producer: 'p', line: seq, monoNs: 0, count, bytes: payload.length }, payload };
};

/** A disk with room for so many records. */
function disk(room: number): DiskLog & { readonly records: RawRecord[] } {
  const records: RawRecord[] = [];
  return {
    records,
    get head() {
      const last = records.at(-1)?.header;
      return last?.kind === 'lines' ? last.seq + last.count - 1 : 0;
    },
    appendSync(added) {
      if (records.length >= room) throw new Error('no space left');
      records.push(...added);
    },
    keepUnfinished() {
      throw new Error('no space left');
    },
    async *read(fromSeq, toSeq) {
      for (const it of records) {
        const span = it.header.kind === 'lines' ? it.header.count : 1;
        if (it.header.seq < toSeq && it.header.seq + span > fromSeq) yield it;
      }
    },
  };
}

async function textIn(log: KeptLog, from = 1, to = Infinity): Promise<string> {
  let text = '';
  for await (const it of log.readText(from, to)) text += it.text;
  return text;
}

test('what the disk does not take is in memory, and is read as one log', async () => {
  const log = new KeptLog(disk(2));
  log.append(record(1, 'a\n'));
  log.append(record(2, 'b\nc\n'));
  log.append(record(4, 'd\n'));
  log.append(record(5, 'e\n'));
  expect([log.head, log.inMemory, log.notKept]).toEqual([5, 2, 0]);
  expect(log.fault).toEqual(new Error('no space left'));
  expect(await textIn(log)).toBe('a\nb\nc\nd\ne\n');
  expect(await textIn(log, 4, 5)).toBe('d\n');
});

test('memory that is full gives up what is acknowledged; else the log ends there, without a gap', async () => {
  const log = new KeptLog(undefined, { memoryBytes: 6 });
  log.append(record(1, '1\n2\n'));
  expect(log.isNearlyFull).toBe(true);
  log.acknowledge(2);
  log.append(record(3, '3\n4\n'));
  expect(await textIn(log)).toBe('3\n4\n');
  log.append(record(5, '5\n6\n'));
  log.append(record(7, '7\n'));
  expect([log.head, log.notKept]).toEqual([4, 3]);
  expect(await textIn(log)).toBe('3\n4\n');
});

test('a reading that is under way is not disturbed when memory is made free', async () => {
  const log = new KeptLog(undefined, { memoryBytes: 6 });
  log.append(record(1, 'a\n'));
  log.append(record(2, 'b\n'));
  const seen: number[] = [];
  for await (const { header } of log.read(1, 10)) {
    seen.push(header.seq);
    log.acknowledge(2);
    log.append(record(2 + seen.length, 'cc\n'));
  }
  expect(seen).toEqual([1, 2]);
});
