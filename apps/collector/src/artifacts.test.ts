import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { lastLineOf, openFileStore, withSeq, createSpool, type Frame } from '@observe/store';
import { artifactsAnswer } from '@observe/protocol';
import { startCollector, type Collector } from './server.ts';
import { endFrame, framesOf, makeHome, optionsFor, recording, SILENT, TestProducer, tracesHere } from './test-kit.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(home?: string): Promise<{ collector: Collector; home: string }> {
  const made = home === undefined ? await makeHome() : { home, remove: () => Promise.resolve() };
  const collector = await startCollector(optionsFor(made.home), SILENT, tracesHere);
  cleanups.push(made.remove, () => collector.stop('test'));
  return { collector, home: made.home };
}

const TRACE = readFileSync(
  fileURLToPath(new URL('../../../e2e/recordings/shop/go1.26/payments.trace', import.meta.url)),
);

const artifactFrame = (line: number, state: 'growing' | 'whole', bytes?: number): Frame => ({
  header: {
    kind: 'artifact',
    line,
    monoNs: line,
    artifact: {
      id: 'trace-7',
      name: 'payments.trace',
      format: 'trace',
      package: 'example.com/shop/payments',
      state,
      ...(bytes === undefined ? {} : { bytes }),
    },
  },
  payload: new Uint8Array(0),
});

async function kept(home: string, runId: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of openFileStore(home).readArtifact(runId, 'trace-7', 0, Infinity)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('pieces of an artifact are kept as they came, and go on where they are durable after a cut', async () => {
  const { collector, home } = await start();
  const first = new TestProducer(collector);
  await first.hello('r-1', 'p');
  first.send(artifactFrame(1, 'growing'));
  await first.sendChunk('trace-7', 0, TRACE.subarray(0, 1000));
  await first.sendChunk('trace-7', 1000, TRACE.subarray(1000, 5000));
  first.socket.terminate();

  const second = new TestProducer(collector);
  await second.hello('r-1', 'p');
  expect(second.artifacts).toEqual({ 'trace-7': 5000 });
  await second.sendChunk('trace-7', 4000, TRACE.subarray(4000)); // some of it twice
  second.sendAll([artifactFrame(2, 'whole', TRACE.length), endFrame(3)]);
  await second.acked(3);
  const answer = await fetch(`${collector.url}/api/runs/r-1/artifacts`, {
    headers: { authorization: `Bearer ${collector.token}` },
  });
  expect(artifactsAnswer.parse(await answer.json()).artifacts).toEqual([
    {
      id: 'trace-7',
      name: 'payments.trace',
      format: 'trace',
      package: 'example.com/shop/payments',
      placedBy: null, // this run has no such package
      fromNs: null,
      toNs: null,
      words: expect.stringMatching(/^\d+ goroutines$/) as string,
      note: 'nothing in it tells which package of this run it is of',
      state: 'whole',
      bytes: TRACE.length,
    },
  ]);
  await second.leave();
  expect((await kept(home, 'r-1')).equals(TRACE)).toBe(true);
});

const put = (collector: Collector, path: string, body: Uint8Array): Promise<Response> =>
  fetch(`${collector.url}/api/runs/${path}`, {
    method: 'PUT',
    body: new Uint8Array(body),
    headers: { authorization: `Bearer ${collector.token}` },
  });

test('an artifact is added by hand to a run that is over, told by what it holds, packed or not', async () => {
  const { collector, home } = await start();
  const producer = new TestProducer(collector);
  await producer.hello('r-1', 'p');
  producer.sendAll(framesOf(recording('shop/go1.26/run'), 100));
  const line = lastLineOf((framesOf(recording('shop/go1.26/run'), 100).at(-1) as Frame).header);
  producer.send(endFrame(line + 1));
  await producer.acked(line + 1);
  await producer.leave();
  for (const [name, id, body] of [
    ['payments.trace', 'payments-trace', TRACE],
    ['payments.trace', 'payments-trace-2', gzipSync(TRACE)],
    ['odd', 'odd', gzipSync(gzipSync(TRACE))],
  ] as const) {
    const answer = await put(collector, `r-1/artifacts/${name}`, body);
    expect([answer.status, await answer.json()]).toMatchObject([
      201,
      { artifact: { id, name, format: 'trace', state: 'whole', bytes: TRACE.length } },
    ]);
  }
  expect((await openFileStore(home).artifactSizes('r-1')).get('payments-trace-2')).toBe(TRACE.length);
});

test('what is no artifact, or is handed in under a path, is refused with words, and the run is as it was', async () => {
  const { collector } = await start();
  const producer = new TestProducer(collector);
  await producer.hello('r-1', 'p');
  producer.sendAll(framesOf(recording('streams/parallel'), 100));
  const refused: readonly (readonly [string, Uint8Array, number, string])[] = [
    ['a', Buffer.alloc(0), 422, 'empty'],
    ['a', Buffer.from('noise'), 422, 'nothing that observe reads'],
    ['a', Buffer.from('{"Action":"run","Package":"p","Test":"T"}\n'), 422, 'observe import'],
    ['a', gzipSync(TRACE).subarray(0, 40), 422, 'cannot be unpacked'],
    ['..%2F..%2Fevents.jsonl', TRACE, 400, 'file name'],
  ];
  for (const [name, body, status, words] of refused) {
    const answer = await put(collector, `r-1/artifacts/${name}`, body);
    expect([name, answer.status]).toEqual([name, status]);
    expect(await answer.text()).toContain(words);
  }
  const answer = await fetch(`${collector.url}/api/runs/r-1/artifacts`, {
    headers: { authorization: `Bearer ${collector.token}` },
  });
  expect(await answer.json()).toMatchObject({ artifacts: [] });
  await producer.leave();
});

test('a piece that leaves a gap, a forged name and a forged length are refused, and nothing is written', async () => {
  const { collector, home } = await start();
  const piece = (header: object, payload = 'xyz'): Buffer => Buffer.from(`${JSON.stringify(header)}\n${payload}`);
  const good = { kind: 'chunk', artifact: 'trace-7', offset: 0, bytes: 3 };
  const cases: readonly [string, object][] = [
    ['conflict', { ...good, offset: 5 }],
    ['bad-record', { ...good, artifact: '../../events' }],
    ['bad-record', { ...good, artifact: '..' }],
    ['bad-record', { ...good, bytes: 4 }],
    ['bad-record', { ...good, offset: -1 }],
  ];
  for (const [i, [code, header]] of cases.entries()) {
    const producer = new TestProducer(collector);
    await producer.hello(`r-${i}`, 'p');
    producer.socket.send(piece(header));
    expect(await producer.refused()).toMatchObject({ code });
    expect((await openFileStore(home).artifactSizes(`r-${i}`)).get('trace-7') ?? 0).toBe(0);
  }
});

test('what a killed producer had spooled arrives with its artifacts', async () => {
  const { home, remove } = await makeHome();
  cleanups.push(remove);
  const frames = [...framesOf(recording('streams/parallel'), 20)];
  const line = lastLineOf((frames.at(-1) as Frame).header);
  const spool = await createSpool(home, { runId: 'r-9', producer: 'p' });
  spool.log.appendSync(
    [...frames, artifactFrame(line + 1, 'growing')].map(({ header, payload }) => ({
      header: withSeq(header, header.line, 'p'),
      payload,
    })),
  );
  await spool.log.close();
  mkdirSync(join(home, 'spool', 'r-9', 'artifacts'));
  writeFileSync(join(home, 'spool', 'r-9', 'artifacts', 'trace-7'), TRACE);
  const file = join(home, 'spool', 'r-9', 'spool.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"pid":\d+/, '"pid":2147483646'));
  const { collector } = await start(home);
  await expect
    .poll(async () => (await openFileStore(home).artifactSizes('r-9')).get('trace-7'), { timeout: 10_000 })
    .toBe(TRACE.length);
  expect((await kept(home, 'r-9')).equals(TRACE)).toBe(true);
  await collector.stop('test');
});

test('a trace whose last word comes before its last bytes is read to its end', async () => {
  const { collector } = await start();
  const producer = new TestProducer(collector);
  await producer.hello('r-1', 'p');
  const frames = framesOf(recording('shop/go1.26/run'), 100);
  producer.sendAll(frames);
  const line = lastLineOf((frames.at(-1) as Frame).header);
  producer.send(artifactFrame(line + 1, 'whole', TRACE.length));
  await producer.acked(line + 1);
  const read = async (): Promise<unknown> => {
    const answer = await fetch(`${collector.url}/api/runs/r-1/processes`, {
      headers: { authorization: `Bearer ${collector.token}` },
    });
    return ((await answer.json()) as { processes: object[] }).processes[0];
  };
  expect(await read()).toBeUndefined(); // asked too early: it must not be taken for ended
  await producer.sendChunk('trace-7', 0, TRACE);
  await expect.poll(read).toMatchObject({ readBytes: TRACE.length, isGrowing: false, pairedTests: 7 });
  producer.send(endFrame(line + 2));
  await producer.acked(line + 2);
  await producer.leave();
});
