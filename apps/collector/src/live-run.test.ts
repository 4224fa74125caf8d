import { expect, test } from 'vitest';
import { createRecordReader, emptyRun, reduceRun, viewOf } from '@observe/run';
import { createMemoryStore, lastLineOf, textOf, type RunStore } from '@observe/store';
import { LiveRun, type ProducerSession } from './live-run.ts';
import { endFrame, framesOf, recording, whole } from './test-kit.ts';

/** A producer's session that notes what it is told. */
function listener(): ProducerSession & { lines: number[]; faults: unknown[] } {
  const lines: number[] = [];
  const faults: unknown[] = [];
  return {
    lines,
    faults,
    durable: (line) => lines.push(line),
    fault: (error) => faults.push(error),
    replaced: () => undefined,
  };
}

const everyNth = (n: number): (() => boolean) => {
  let calls = 0;
  return () => ++calls % n === 0;
};

async function logged(store: RunStore): Promise<{ bytes: Buffer; folded: unknown; records: number }> {
  const reader = createRecordReader();
  const parts: Uint8Array[] = [];
  let state = emptyRun();
  for await (const record of store.read('r-1', 1, Infinity)) {
    parts.push(record.payload);
    state = reduceRun(state, reader.read(textOf(record)));
  }
  return { bytes: Buffer.concat(parts), folded: viewOf(state), records: parts.length };
}

const SHOP = recording('shop/go1.27/run');

test('over a network that repeats messages and loses answers, each line is there once', async () => {
  const { store } = createMemoryStore({
    latency: () => new Promise((resolve) => setImmediate(resolve)),
    isRedelivered: everyNth(2),
    isAnswerLost: everyNth(2),
    messageBytes: 1000,
  });
  const run = await LiveRun.open(store, 'r-1', () => undefined);
  const session = listener();
  run.join('p', session);
  const frames = whole(framesOf(SHOP, 11));
  for (const frame of frames) {
    expect(run.take('p', frame)).toBe('taken');
    if (frame.header.line % 3 === 0) await run.settled();
  }
  await run.settled();
  const lastLine = lastLineOf((frames.at(-1) ?? endFrame(1)).header);
  expect(session.lines.at(-1)).toBe(lastLine);
  expect([...session.lines].sort((a, b) => a - b)).toEqual(session.lines);
  expect(session.faults).toEqual([]);
  const { bytes, folded } = await logged(store);
  expect(bytes.equals(SHOP)).toBe(true);
  expect(viewOf(run.state)).toEqual(folded);
  await run.close();
  expect(await store.summary('r-1')).toMatchObject({ verdict: 'failed', seq: run.state.seq });
});

test('what it was told before it was opened again is not taken twice, and the fold goes on', async () => {
  const { store } = createMemoryStore();
  const frames = whole(framesOf(SHOP, 10));
  for (const upTo of [3, 9, 9, frames.length]) {
    const run = await LiveRun.open(store, 'r-1', () => undefined);
    for (const frame of frames.slice(0, upTo)) run.take('p', frame);
    await run.settled();
    expect(viewOf(run.state)).toEqual((await logged(store)).folded);
    await run.close();
  }
  expect((await logged(store)).bytes.equals(SHOP)).toBe(true);
});

test('once another has claimed the run, nothing is taken any more, and the state stays that of the log', async () => {
  const { store, kill } = createMemoryStore();
  const run = await LiveRun.open(store, 'r-1', () => undefined);
  const session = listener();
  run.join('p', session);
  const [first = endFrame(1), second = endFrame(1)] = framesOf(SHOP, 10);
  run.take('p', first);
  await run.settled();
  await kill('r-1');
  await store.claim('r-1', 'another');
  run.take('p', second);
  await run.settled();
  expect(session.faults).toMatchObject([{ code: 'fenced' }]);
  expect(session.lines).toEqual([10]);
  expect(run.state.seq).toBe(10);
  expect((await logged(store)).records).toBe(1);
  await expect(run.close()).rejects.toMatchObject({ code: 'fenced' });
});

test('a large record is cut at newlines, so that a read by range is small', async () => {
  const { store } = createMemoryStore();
  const run = await LiveRun.open(store, 'r-1', () => undefined);
  const bytes = Buffer.from(`${'x'.repeat(999)}\n`.repeat(3000));
  const [frame = endFrame(1)] = framesOf(bytes, 3000);
  run.take('p', frame);
  await run.settled();
  const { bytes: kept, records } = await logged(store);
  expect(kept.equals(bytes)).toBe(true);
  expect(records).toBe(6);
  expect(run.have('p')).toBe(3000);
});

test('a lost run keeps its verdict under another name', async () => {
  const { store } = createMemoryStore();
  const run = await LiveRun.open(store, 'r-1', () => undefined);
  const [first = endFrame(1)] = framesOf(SHOP, 10);
  run.take('p', first);
  await run.settled();
  expect(await run.endAsLost()).toBe(true);
  expect(await run.rename('the night shift')).toBe(true);
  expect(run.summary).toMatchObject({ verdict: 'lost', name: 'the night shift' });
});
