import { gzipSync } from 'node:zlib';
import { encodeHeader, FORMAT, type LogRecord } from '@observe/protocol';
import { readOutput, readReports, type OutputOf, type SnapshotManifest } from '@observe/query';
import { applyPatch, emptyRun, reduceRun, summaryOf, createRecordReader, viewOf, type RunState } from '@observe/run';
import { recordingText, recordsOf } from '@observe/testkit';
import { expect, test } from 'vitest';
import type { FromWorker } from './snapshot-messages.ts';
import { createSnapshotRun } from './snapshot-run.ts';

/** A log as it lies on disk. */
const bytesOf = (records: readonly LogRecord[]): Buffer =>
  Buffer.concat(
    records.flatMap(({ header, text }) => [
      Buffer.from(encodeHeader(header) + text),
      ...(header.kind === 'lines' && header.isCut === true ? [Buffer.from('\n')] : []),
    ]),
  );

function foldRecords(records: readonly LogRecord[]): RunState {
  const reader = createRecordReader();
  return records.reduce((run, record) => reduceRun(run, reader.read(record)), emptyRun());
}

/** The log in pieces of `size` bytes: records lie across them. */
function packed(log: Buffer, size: number, run: RunState): { manifest: SnapshotManifest; chunks: string[] } {
  const pieces = Array.from({ length: Math.ceil(log.length / size) }, (_, i) => log.subarray(i * size, (i + 1) * size));
  const zipped = pieces.map((piece) => gzipSync(piece));
  const summary = summaryOf(run, { id: '20261123-070000-abcd', bytes: log.length, wall: '2026-11-23T07:00:00Z' });
  const chunks = pieces.map((piece, i) => ({ bytes: piece.length, packed: zipped[i]?.length ?? 0 }));
  return { manifest: { format: FORMAT, summary, chunks }, chunks: zipped.map((zip) => zip.toString('base64')) };
}

/** A worker without a thread: what it posts. */
function worker(): { run: ReturnType<typeof createSnapshotRun>; posted: FromWorker[] } {
  const posted: FromWorker[] = [];
  return { run: createSnapshotRun((message) => posted.push(message)), posted };
}

for (const name of [
  'streams/hang-timeout.jsonl',
  'streams/race.jsonl',
  'streams/nonjson-mixed.jsonl',
  'shop/go1.27/run.jsonl',
]) {
  test(`a snapshot of ${name} answers what the collector answers`, async () => {
    const records = recordsOf(recordingText(name), 'eof', 7);
    const state = foldRecords(records);
    const log = {
      async *read(from: number, to: number) {
        for (const record of records) if (record.header.seq < to && record.header.seq + 7 > from) yield record;
      },
    };
    const { run, posted } = worker();
    const { manifest, chunks } = packed(bytesOf(records), 1000, state);
    void run.handle({ type: 'open', manifest, chunks });

    const asks: OutputOf[] = [{ kind: 'strays' }, { kind: 'package', row: 0 }, { kind: 'process', row: 0 }];
    for (let row = 0; row < state.tests.length; row++) asks.push({ kind: 'test', row });
    const page = { from: 0, limit: 1000 };
    for (const [id, of] of asks.entries()) await run.handle({ type: 'output', id, of, page });
    await run.handle({ type: 'reports', id: -1, packageRow: 0 });

    const patch = posted.find((message) => message.type === 'patch');
    const shown = patch === undefined ? undefined : applyPatch(emptyRun(), patch.bytes);
    expect(shown === undefined ? undefined : viewOf(shown)).toEqual(viewOf(state));
    const answers = new Map(
      posted.flatMap((message) => (message.type === 'answer' ? [[message.id, message.answer]] : [])),
    );
    for (const [id, of] of asks.entries())
      expect(answers.get(id), JSON.stringify(of)).toEqual(await readOutput(state, log, of, page));
    expect(answers.get(-1)).toEqual(await readReports(state, log, 0));
  });
}

test('what lies before the damage is shown, and the damage is told', async () => {
  const records = recordsOf(recordingText('streams/parallel.jsonl'), 'eof', 7);
  const { manifest, chunks } = packed(bytesOf(records), 4000, foldRecords(records));
  const { run, posted } = worker();
  await run.handle({ type: 'open', manifest, chunks: chunks.with(2, chunks[2]?.slice(0, 40) ?? '') });
  expect(posted.find((message) => message.type === 'unreadable')?.message).toContain('damaged');
  const patch = posted.find((message) => message.type === 'patch');
  expect(patch?.message.seq).toBeGreaterThan(10);
});

test('a piece that inflates to more than it says is refused', async () => {
  const records = recordsOf(recordingText('streams/parallel.jsonl'));
  const { manifest, chunks } = packed(bytesOf(records), 1e9, foldRecords(records));
  const { run, posted } = worker();
  const small = { ...manifest, chunks: manifest.chunks.map((chunk) => ({ ...chunk, bytes: 100 })) };
  await run.handle({ type: 'open', manifest: small, chunks });
  expect(posted.map((message) => message.type)).toEqual(['unreadable']);
  await run.handle({ type: 'output', id: 1, of: { kind: 'strays' }, page: { from: 0, limit: 1 } });
  expect(posted.at(-1)).toMatchObject({ type: 'failed', id: 1 });
});
