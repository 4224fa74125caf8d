import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { iterateRows } from '@observe/base';
import { createRecordReader, emptyRun, reduceRun, viewOf, type RunState } from '@observe/run';
import { lastLineOf, openFileStore, textOf } from '@observe/store';
import { startCollector, type Collector } from './server.ts';
import {
  endFrame,
  framesOf,
  loggedBytes,
  makeHome,
  optionsFor,
  recording,
  SILENT,
  TestProducer,
  TestViewer,
  whole,
} from './test-kit.ts';
import type { CollectorOptions } from './options.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(
  more: Partial<CollectorOptions> = {},
  inHome?: string,
): Promise<{ collector: Collector; home: string }> {
  const made = inHome === undefined ? await makeHome() : { home: inHome, remove: () => Promise.resolve() };
  const collector = await startCollector(optionsFor(made.home, more), SILENT);
  cleanups.push(made.remove, () => collector.stop('test'));
  return { collector, home: made.home };
}

/** The state that folding the log anew gives. */
async function refolded(home: string, runId: string): Promise<RunState> {
  const reader = createRecordReader();
  let state = emptyRun();
  for await (const record of openFileStore(home).read(runId, 1, Infinity))
    state = reduceRun(state, reader.read(textOf(record)));
  return state;
}

const SHOP = recording('shop/go1.27/run');

test('a run that is sent is logged byte for byte, acknowledged, and shown as its log folds', async () => {
  const { collector, home } = await start();
  const viewer = new TestViewer(collector);
  await viewer.list();
  const producer = new TestProducer(collector);
  expect(await producer.hello('r-1', 'p')).toBe(0);
  await viewer.follow('r-1');
  const frames = whole(framesOf(SHOP, 7));
  producer.sendAll(frames);
  const last = frames.at(-1);
  await producer.acked(last === undefined ? 0 : lastLineOf(last.header));
  const state = await viewer.state('r-1', (s) => s.end !== undefined);
  await producer.leave();
  expect(viewOf(state)).toEqual(viewOf(await refolded(home, 'r-1')));
  expect((await loggedBytes(home, 'r-1')).payload.equals(SHOP)).toBe(true);
  const summary = await viewer.until(() =>
    viewer.runs.get('r-1')?.verdict === 'failed' ? viewer.runs.get('r-1') : undefined,
  );
  expect(summary).toMatchObject({ id: 'r-1', verdict: 'failed', packages: 6 });
  await viewer.until(() => (viewer.patches.at(-1)?.isLive === false ? true : undefined));
  viewer.close();
  await collector.stop('test');
  expect(await openFileStore(home).summary('r-1')).toMatchObject({ verdict: 'failed', seq: state.seq });
});

test('a resend that overlaps is trimmed, and told what is durable', async () => {
  const { collector, home } = await start();
  const first = new TestProducer(collector);
  await first.hello('r-1', 'p');
  first.sendAll(framesOf(Buffer.from('a\nb\nc\n'), 3));
  await first.acked(3);
  first.socket.terminate();
  const second = new TestProducer(collector);
  expect(await second.hello('r-1', 'p')).toBe(3);
  const again = framesOf(Buffer.from('a\nb\nc\nd\ne\n'), 2);
  for (const frame of again) second.send(frame);
  await second.acked(5);
  second.send(endFrame(6));
  await second.acked(6);
  await second.leave();
  expect((await loggedBytes(home, 'r-1')).payload.toString()).toBe('a\nb\nc\nd\ne\n');
});

test('a gap is refused, and what was before it is kept', async () => {
  const { collector, home } = await start();
  const producer = new TestProducer(collector);
  await producer.hello('r-1', 'p');
  const [a, , c] = framesOf(Buffer.from('a\nb\nc\n'), 1);
  if (a === undefined || c === undefined) throw new Error('three frames');
  producer.send(a);
  await producer.acked(1);
  producer.send(c);
  expect(await producer.refused()).toMatchObject({ code: 'gap', retry: true });
  const again = new TestProducer(collector);
  expect(await again.hello('r-1', 'p')).toBe(1);
  await again.leave();
  expect((await loggedBytes(home, 'r-1')).payload.toString()).toBe('a\n');
});

test('what is no record of the protocol is refused, and harms no other producer', async () => {
  const { collector, home } = await start();
  const good = new TestProducer(collector);
  await good.hello('r-1', 'p');
  const cases: readonly [string, (p: TestProducer) => void][] = [
    ['bad-record', (p) => p.socket.send(Buffer.from('\x00\xff garbage'))],
    ['bad-record', (p) => p.socket.send(Buffer.from('{"kind":"lines","line":1,"monoNs":1,"count":9,"bytes":2}\na\n'))],
    ['bad-record', (p) => p.socket.send(Buffer.from('{"kind":"end","line":1,"monoNs":1,"reason":"x"}\n'))],
    ['bad-order', (p) => p.socket.send('{"type":"hello"}')],
  ];
  for (const [code, send] of cases) {
    const bad = new TestProducer(collector);
    await bad.hello('r-2', code);
    send(bad);
    expect(await bad.refused()).toMatchObject({ code, retry: false });
    await bad.closed();
  }
  const huge = new TestProducer(collector);
  await huge.hello('r-2', 'huge');
  huge.socket.send(Buffer.alloc(20 * 1024 * 1024));
  await huge.closed();
  for (const [code, text] of [
    ['bad-hello', 'hello'],
    ['bad-hello', '{"type":"hello","protocol":1,"runId":"../x","producer":"p"}'],
    ['protocol', '{"type":"hello","protocol":99,"runId":"r-3","producer":"p"}'],
  ] as const) {
    const bad = new TestProducer(collector);
    bad.socket.once('open', () => bad.socket.send(text));
    expect(await bad.refused()).toMatchObject({ code, retry: false });
  }
  good.sendAll(framesOf(Buffer.from('fine\n'), 1));
  await good.acked(1);
  expect((await loggedBytes(home, 'r-1')).payload.toString()).toBe('fine\n');
});

test('many producers at once make as many runs, each whole', async () => {
  const { collector, home } = await start();
  const ids = Array.from({ length: 8 }, (_, i) => `r-${i}`);
  await Promise.all(
    ids.map(async (id, i) => {
      const producer = new TestProducer(collector);
      await producer.hello(id, `p${i}`);
      const frames = whole(framesOf(SHOP, i + 1));
      producer.sendAll(frames);
      await producer.acked(lastLineOf((frames.at(-1) ?? endFrame(1)).header));
      await producer.leave();
    }),
  );
  const viewer = new TestViewer(collector);
  await viewer.list();
  expect([...viewer.runs.keys()].sort()).toEqual(ids);
  for (const id of ids) expect((await loggedBytes(home, id)).payload.equals(SHOP), id).toBe(true);
  viewer.close();
});

test('two producers of one run are told apart', async () => {
  const { collector, home } = await start();
  const [a, b] = [new TestProducer(collector), new TestProducer(collector)];
  await a.hello('r-1', 'a');
  await b.hello('r-1', 'b');
  a.sendAll(framesOf(Buffer.from('from a\n'), 1));
  await a.acked(1);
  b.sendAll(framesOf(Buffer.from('from b\n'), 1));
  await b.acked(1);
  expect((await loggedBytes(home, 'r-1')).payload.toString()).toBe('from a\nfrom b\n');
});

test('a run whose producer vanished is closed as lost, and reopened when it comes back', async () => {
  const { collector, home } = await start({ graceMs: 50 });
  const lines = framesOf(recording('streams/parallel'), 3);
  const [first = endFrame(1)] = lines;
  const vanishing = new TestProducer(collector);
  await vanishing.hello('r-1', 'p');
  vanishing.send(first);
  await vanishing.acked(lastLineOf(first.header));
  vanishing.socket.terminate();
  const viewer = new TestViewer(collector);
  await viewer.follow('r-1');
  await viewer.state('r-1', (s) => s.end?.reason === 'lost');
  await viewer.until(() => (viewer.patches.at(-1)?.summary.verdict === 'lost' ? true : undefined));

  const back = new TestProducer(collector);
  const have = await back.hello('r-1', 'p');
  expect(have).toBe(lastLineOf(first.header));
  const frames = whole(lines);
  back.sendAll(frames, have);
  await back.acked(lastLineOf((frames.at(-1) ?? endFrame(1)).header));
  await back.leave();
  const state = await viewer.state('r-1', (s) => s.end?.reason === 'eof');
  expect([...iterateRows(state.tests)].filter((t) => t.outcome === 'lost' || t.outcome === 'running')).toEqual([]);
  const { payload, kinds } = await loggedBytes(home, 'r-1');
  expect(payload.equals(recording('streams/parallel'))).toBe(true);
  expect(kinds).toEqual(['end lost', 'end eof']);
  viewer.close();
});

test('a producer that is back within the grace period loses nothing', async () => {
  const { collector, home } = await start();
  const one = new TestProducer(collector);
  await one.hello('r-1', 'p');
  one.sendAll(framesOf(Buffer.from('a\n'), 1));
  await one.acked(1);
  one.socket.terminate();
  const two = new TestProducer(collector);
  expect(await two.hello('r-1', 'p')).toBe(1);
  two.send(endFrame(2));
  await two.acked(2);
  await two.leave();
  expect((await loggedBytes(home, 'r-1')).kinds).toEqual(['end eof']);
});

test('a viewer that comes late or again gets the same state', async () => {
  const { collector } = await start();
  const producer = new TestProducer(collector);
  await producer.hello('r-1', 'p');
  const frames = whole(framesOf(SHOP, 5));
  const half = frames.slice(0, 20);
  producer.sendAll(half);
  await producer.acked(lastLineOf((half.at(-1) ?? endFrame(1)).header));
  const early = new TestViewer(collector);
  await early.follow('r-1');
  await early.state('r-1', (s) => s.seq === lastLineOf((half.at(-1) ?? endFrame(1)).header));
  producer.sendAll(frames.slice(20));
  const followed = await early.state('r-1', (s) => s.end !== undefined);
  expect(early.patches.length).toBeGreaterThan(1);
  expect(early.patches.slice(1).every((p) => p.fromSeq > 0)).toBe(true);
  const late = new TestViewer(collector);
  await late.follow('r-1');
  expect(viewOf(await late.state('r-1', (s) => s.end !== undefined))).toEqual(viewOf(followed));
  const count = early.patches.length;
  await early.follow('r-1');
  await early.until(() => (early.patches.length > count && early.patches.at(-1)?.fromSeq === 0 ? true : undefined));
  expect(viewOf(early.states.get('r-1') ?? emptyRun())).toEqual(viewOf(followed));
  await producer.leave();
  early.close();
  late.close();
});

test('a viewer is told of what is not here, is no message, or is of another protocol', async () => {
  const { collector } = await start();
  const viewer = new TestViewer(collector);
  await viewer.follow('no-such-run');
  await viewer.until(() => viewer.refused);
  expect(viewer.refused).toMatchObject({ code: 'unknown-run', retry: false });
  await viewer.list(); // the socket goes on
  for (const [code, message] of [
    ['bad-message', '{'],
    ['bad-message', { type: 'dance' }],
    ['protocol', { type: 'list', protocol: 99 }],
  ] as const) {
    const bad = new TestViewer(collector);
    await bad.ask(message);
    await bad.closed();
    expect(bad.refused?.code).toBe(code);
  }
  viewer.close();
});

test('a run that another process writes is listed and followed as it grows', async () => {
  const { collector, home } = await start({ graceMs: 50 });
  const writer = await openFileStore(home).claim('r-1', 'somebody else');
  const [first, second] = framesOf(recording('streams/parallel'), 8);
  if (first === undefined || second === undefined) throw new Error('two frames');
  writer.appendSync([{ header: { seq: 1, producer: 'p', ...first.header }, payload: first.payload }]);
  const viewer = new TestViewer(collector);
  await viewer.follow('r-1');
  await viewer.state('r-1', (s) => s.seq === 8);
  writer.appendSync([{ header: { seq: 9, producer: 'p', ...second.header }, payload: second.payload }]);
  await viewer.state('r-1', (s) => s.seq === 16);
  expect(viewer.states.get('r-1')?.end).toBeUndefined(); // alive, so left alone
  await writer.release();
  await viewer.state('r-1', (s) => s.end?.reason === 'lost'); // released without an end: nobody will write it
  viewer.close();
});

test('a deleted run is gone for those who list and those who follow', async () => {
  const { collector } = await start();
  const producer = new TestProducer(collector);
  await producer.hello('r-1', 'p');
  producer.sendAll(whole(framesOf(Buffer.from('a\n'), 1)));
  await producer.acked(2);
  const viewer = new TestViewer(collector);
  await viewer.list();
  await viewer.follow('r-1');
  await viewer.state('r-1', (s) => s.end !== undefined);
  await producer.leave();
  await viewer.until(() => (viewer.patches.at(-1)?.isLive === false ? true : undefined));
  const headers = { authorization: `Bearer ${collector.token}` };
  let status = 409; // until the run is closed behind its producer
  while (status === 409) ({ status } = await fetch(`${collector.url}/api/runs/r-1`, { method: 'DELETE', headers }));
  expect(status).toBe(204);
  await viewer.until(() => (viewer.refused?.code === 'unknown-run' && viewer.runs.size === 0 ? true : undefined));
  viewer.close();
});

test('a log that a crash cut, wherever, becomes whole again', async () => {
  const bytes = recording('streams/parallel');
  const frames = whole(framesOf(bytes, 4));
  const last = lastLineOf((frames.at(-1) ?? endFrame(1)).header);
  const { collector: first, home } = await start();
  const producer = new TestProducer(first);
  await producer.hello('r-1', 'p');
  producer.sendAll(frames);
  await producer.acked(last);
  await producer.leave();
  await first.stop('test');
  const path = join(home, 'runs', 'r-1', 'events.jsonl');
  const log = readFileSync(path);
  const { collector } = await start({}, home);
  for (let cut = log.length - 1; cut > log.length - 400; cut -= 7) {
    const id = `r-cut-${cut}`;
    mkdirSync(join(home, 'runs', id));
    writeFileSync(join(home, 'runs', id, 'events.jsonl'), log.subarray(0, cut));
    const again = new TestProducer(collector);
    const have = await again.hello(id, 'p');
    expect(have).toBeLessThan(last);
    again.sendAll(frames, have);
    await again.acked(last);
    await again.leave();
    const { payload, kinds } = await loggedBytes(home, id);
    expect([payload.equals(bytes), kinds], `cut at ${cut}`).toEqual([true, ['end eof']]);
  }
});
