import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { RunSummary } from '@observe/protocol';
import { SNAPSHOT_CHUNK_BYTES, SNAPSHOT_SLOT } from '@observe/query';
import { encodeRecord, type RawRecord } from './raw-record.ts';
import { snapshotOf } from './snapshot.ts';
import { HOST, lines, recordsOf } from './store-contract.ts';

const SUMMARY = { id: 'r-1' } as RunSummary;

async function* asAsync(records: readonly RawRecord[]): AsyncGenerator<RawRecord> {
  yield* records;
}

test('the log is in the page in pieces of one size, and the same log gives the same bytes', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'observe-snapshot-'));
  const page = join(dir, 'snapshot.html');
  await writeFile(page, `<body>${SNAPSHOT_SLOT}</body>`);
  const long = 'x'.repeat(3_000_000) + '\n';
  const records = recordsOf(0, [HOST, lines(long), lines(long, 'y\n'), lines(long + long), lines('torn')]);
  const log = Buffer.concat(records.map(encodeRecord));
  const make = async (): Promise<string> => {
    const parts: string[] = [];
    for await (const part of snapshotOf(page, SUMMARY, asAsync(records))) parts.push(part);
    return parts.join('');
  };
  const html = await make();
  const chunks = [...html.matchAll(/data-observe-chunk="\d+">([^<]*)</g)].map(([, text]) =>
    gunzipSync(Buffer.from(text ?? '', 'base64')),
  );
  expect(Buffer.concat(chunks).equals(log)).toBe(true);
  expect(chunks.slice(0, -1).map((chunk) => chunk.length)).toEqual(chunks.slice(1).map(() => SNAPSHOT_CHUNK_BYTES));
  expect((await make()) === html).toBe(true);
  await rm(dir, { recursive: true });
});

test('without the built page it says what to do', async () => {
  const snapshot = snapshotOf('/nowhere/snapshot.html', SUMMARY, asAsync([]));
  await expect(snapshot.next()).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('build') as string,
  });
});
