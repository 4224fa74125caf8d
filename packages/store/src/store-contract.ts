import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMAT, spanOf, type LogHeader, type ProducerHeader, type RunSummary } from '@observe/protocol';
import { StoreError } from './errors.ts';
import { withSeq, type RawRecord } from './raw-record.ts';
import type { RunStore } from './run-store.ts';

/** What one test works on. */
export interface StoreUnderTest {
  readonly store: RunStore;
  /** Lets the writer die without releasing: the next claim takes over. */
  readonly kill: (runId: string) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** What every RunStore must hold. Called in a test file of each. Imported by tests only. */
export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  const contract = (sentence: string, body: (s: StoreUnderTest) => Promise<void>): void => {
    test(`${name} ${sentence}`, async () => {
      const under = await make();
      try {
        await body(under);
      } finally {
        await under.dispose();
      }
    });
  };

  contract('gives back what was appended, byte for byte', async ({ store }) => {
    const writer = await store.claim('r-1', 'test');
    const records = recordsOf(0, [HOST, lines('{"Action":"start"}\n', '\xff\0 noise \r\n'), lines('torn')]);
    await appendSurely(() => writer.append(records));
    expect(writer.head).toBe(4);
    expect(writer.have('p')).toBe(4);
    expect(writer.have('another')).toBe(0);
    expect(await all(store, 'r-1')).toEqual(plain(records));
  });

  contract('reads the whole records that touch a range', async ({ store }) => {
    const writer = await store.claim('r-1', 'test');
    const records = recordsOf(0, [HOST, lines('a\n', 'b\n', 'c\n'), lines('d\n'), lines('e\n', 'f\n')]);
    await appendSurely(() => writer.append(records));
    const seqs = async (from: number, to: number): Promise<number[]> =>
      (await all(store, 'r-1', from, to)).map((r) => r.header.seq);
    expect(await seqs(3, 5)).toEqual([2]);
    expect(await seqs(3, 6)).toEqual([2, 5]);
    expect(await seqs(7, 8)).toEqual([6]);
    expect(await seqs(8, 100)).toEqual([]);
    expect(await seqs(3, 3)).toEqual([]);
  });

  contract('knows nothing of a run that does not exist', async ({ store }) => {
    expect(await store.list()).toEqual([]);
    expect(await store.summary('r-1')).toBeUndefined();
    expect(await all(store, 'r-1')).toEqual([]);
    expect(await store.isHeld('r-1')).toBe(false);
    await store.delete('r-1');
  });

  contract('changes nothing when an append is repeated', async ({ store }) => {
    const writer = await store.claim('r-1', 'test');
    const records = recordsOf(0, [lines('a\n', 'b\n'), lines('c\n')]);
    await appendSurely(() => writer.append(records));
    await appendSurely(() => writer.append(records));
    expect(writer.head).toBe(3);
    expect(await all(store, 'r-1')).toEqual(plain(records));
  });

  contract('refuses what does not go on where the log ends', async ({ store }) => {
    const writer = await store.claim('r-1', 'test');
    await appendSurely(() => writer.append(recordsOf(0, [lines('a\n')])));
    const [gap] = recordsOf(2, [lines('c\n')]);
    const [backwards] = recordsOf(0, [lines('b\n', 'b\n')]);
    for (const record of [gap, backwards]) {
      await expect(writer.append(record === undefined ? [] : [record])).rejects.toMatchObject({ code: 'conflict' });
    }
    expect(writer.head).toBe(1);
  });

  contract('has one writer a run', async ({ store }) => {
    const first = await store.claim('r-1', 'the first');
    await expect(store.claim('r-1', 'the second')).rejects.toMatchObject({
      code: 'held',
      message: expect.stringContaining('the first') as string,
    });
    await expect(store.delete('r-1')).rejects.toMatchObject({ code: 'held' });
    expect(await store.isHeld('r-1')).toBe(true);
    await first.release();
    expect(await store.isHeld('r-1')).toBe(false);
    const second = await store.claim('r-1', 'the second');
    expect(second.fence).toBeGreaterThan(first.fence);
  });

  contract('lets a new writer go on where a dead one ended, and the dead one no more', async ({ store, kill }) => {
    const first = await store.claim('r-1', 'the first');
    const records = recordsOf(0, [lines('a\n', 'b\n'), lines('c\n')]);
    await appendSurely(() => first.append(records.slice(0, 1)));
    await kill('r-1');
    const second = await store.claim('r-1', 'the second');
    expect(second.head).toBe(2);
    expect(second.have('p')).toBe(2);
    await expect(first.append(records.slice(1))).rejects.toMatchObject({ code: 'fenced' });
    await expect(first.putSummary(summaryOf('r-1'))).rejects.toMatchObject({ code: 'fenced' });
    await appendSurely(() => second.append(records.slice(1)));
    expect(await all(store, 'r-1')).toEqual(plain(records));
  });

  contract('lists runs with their summaries, and deletes them', async ({ store }) => {
    const writers = await Promise.all(['r-1', 'r-2'].map((id) => store.claim(id, 'test')));
    await writers[0]?.putSummary(summaryOf('r-1'));
    const listed = [...(await store.list())].sort((a, b) => a.id.localeCompare(b.id));
    expect(listed).toEqual([
      { id: 'r-1', summary: summaryOf('r-1'), isNewer: false },
      { id: 'r-2', summary: undefined, isNewer: false },
    ]);
    expect(await store.summary('r-1')).toEqual(summaryOf('r-1'));
    await Promise.all(writers.map((writer) => writer.release()));
    await store.delete('r-1');
    expect((await store.list()).map((run) => run.id)).toEqual(['r-2']);
    expect(await store.summary('r-1')).toBeUndefined();
    expect(await all(store, 'r-1')).toEqual([]);
  });

  contract(
    'gives back an artifact byte for byte, whatever its pieces and however often they come',
    async ({ store }) => {
      const writer = await store.claim('r-1', 'test');
      const bytes = Buffer.from('0123456789'.repeat(300_000));
      const put = (from: number, to: number): Promise<void> =>
        appendSurely(async () => void (await writer.putChunk('trace-7', from, bytes.subarray(from, to))));
      await put(0, 10);
      await put(0, 10);
      await put(5, 2_000_000);
      await put(2_000_000, bytes.length);
      await put(100, 200);
      expect(await store.artifactSizes('r-1')).toEqual(new Map([['trace-7', bytes.length]]));
      const read = async (from: number, to: number): Promise<Buffer> => {
        const pieces: Uint8Array[] = [];
        for await (const piece of store.readArtifact('r-1', 'trace-7', from, to)) pieces.push(piece);
        return Buffer.concat(pieces);
      };
      expect((await read(0, Infinity)).equals(bytes)).toBe(true);
      expect((await read(7, 12)).toString()).toBe('78901');
      expect((await read(bytes.length, bytes.length + 5)).length).toBe(0);
    },
  );

  contract(
    'refuses a piece of an artifact that leaves a gap, and one of a writer that was taken over',
    async ({ store, kill }) => {
      const writer = await store.claim('r-1', 'test');
      await expect(writer.putChunk('a', 3, Buffer.from('x'))).rejects.toMatchObject({ code: 'conflict' });
      await kill('r-1');
      const second = await store.claim('r-1', 'the second');
      await expect(writer.putChunk('a', 0, Buffer.from('x'))).rejects.toMatchObject({ code: 'fenced' });
      await appendSurely(async () => void (await second.putChunk('a', 0, Buffer.from('y'))));
      expect([...(await store.artifactSizes('r-1')).keys()]).toEqual(['a']);
      expect(await store.artifactSizes('nowhere')).toEqual(new Map());
    },
  );

  contract('takes a record of some megabytes', async ({ store }) => {
    const writer = await store.claim('r-1', 'test');
    const records = recordsOf(0, [lines('x'.repeat(5_000_000) + '\n'), lines('y\n')]);
    await appendSurely(() => writer.append(records));
    expect(await all(store, 'r-1')).toEqual(plain(records));
  });

  test(`${name} keeps any batches in any cuts, across writers, no seq twice and none missing`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyEntry, { maxLength: 4 }), { maxLength: 6 }),
        fc.array(fc.boolean()),
        async (batches, deaths) => {
          const { store, kill, dispose } = await make();
          try {
            let writer = await store.claim('r-1', 'test');
            const appended: RawRecord[] = [];
            for (const [i, batch] of batches.entries()) {
              const records = recordsOf(writer.head, batch);
              await appendSurely(() => writer.append(records));
              appended.push(...records);
              if (deaths[i] === true) {
                await kill('r-1');
                writer = await store.claim('r-1', 'test');
              }
            }
            const read = await all(store, 'r-1');
            expect(read).toEqual(plain(appended));
            expect(read.reduce((seq, { header }) => (expect(header.seq).toBe(seq), seq + spanOf(header)), 1)).toBe(
              writer.head + 1,
            );
          } finally {
            await dispose();
          }
        },
      ),
      { numRuns: 40 },
    );
  });
}

/** A record without its numbers. */
export interface Entry {
  readonly header: (line: number) => ProducerHeader;
  readonly payload: Uint8Array;
}

export const HOST: Entry = {
  header: (line) => ({ kind: 'host', line, monoNs: 1, facts: { observeVersion: '0', wall: '2026-11-23T11:00:00Z' } }),
  payload: new Uint8Array(0),
};

/** A `lines` record of these texts (one byte a character); the last may lack its newline. */
export function lines(...texts: readonly string[]): Entry {
  const payload = Buffer.from(texts.join(''), 'latin1');
  const cut = payload.at(-1) === 0x0a ? {} : { isCut: true as const };
  return {
    header: (line) => ({ kind: 'lines', line, monoNs: 2, count: texts.length, bytes: payload.byteLength, ...cut }),
    payload,
  };
}

/** Numbers the entries of one producer from `head` on, seq and line alike. */
export function recordsOf(head: number, entries: readonly Entry[], producer = 'p'): RawRecord[] {
  let next = head + 1;
  return entries.map(({ header, payload }) => {
    const record = { header: withSeq(header(next), next, producer), payload };
    next += spanOf(record.header);
    return record;
  });
}

export const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constant(HOST),
  fc
    .tuple(fc.array(fc.uint8Array({ maxLength: 30 }), { minLength: 1, maxLength: 5 }), fc.boolean())
    .map(([parts, isCut]) => {
      const texts = parts.map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a)).toString('latin1') + '\n');
      const last = texts.pop() ?? '\n';
      return lines(...texts, isCut && last.length > 1 ? last.slice(0, -1) : last);
    }),
);

/** A record as it is compared: one character a byte. */
export interface PlainRecord {
  readonly header: LogHeader;
  readonly latin1: string;
}

export async function collect(source: AsyncIterable<RawRecord>): Promise<PlainRecord[]> {
  const records: RawRecord[] = [];
  for await (const record of source) records.push(record);
  return plain(records);
}

export const all = (store: RunStore, runId: string, from = 1, to = Infinity): Promise<PlainRecord[]> =>
  collect(store.read(runId, from, to));

export const plain = (records: readonly RawRecord[]): PlainRecord[] =>
  records.map(({ header, payload }) => ({ header, latin1: Buffer.from(payload).toString('latin1') }));

/** Repeats an append that nobody answered, as its caller must. */
async function appendSurely(append: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await append();
      return;
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'unsure')) throw error;
    }
  }
}

const summaryOf = (id: string): RunSummary => ({
  format: FORMAT,
  id,
  name: 'shop',
  verdict: 'running',
  startedAt: '2026-11-23T11:00:00Z',
  elapsedNs: null,
  packages: 0,
  failedPackages: 0,
  counts: { pass: 0, fail: 0, skip: 0, running: 0, lost: 0, neverStarted: 0 },
  seq: 0,
  bytes: 0,
});
