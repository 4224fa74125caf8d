import { emptyRun, encodePatch, reduceRun, summaryOf, viewOf, type RunState } from '@observe/run';
import type { PatchMessage } from '@observe/protocol';
import { eventsOf, recordingText } from '@observe/testkit';
import { expect, test } from 'vitest';
import { foldPatches, mergeRuns } from '../state/feed.ts';
import { backoffMs } from './backoff.ts';
import { createFrameReader } from './live.ts';
import type { SourceListener } from './source.ts';

const ID = '20261123-070000-abcd';
const summaryAt = (run: RunState): PatchMessage['summary'] =>
  summaryOf(run, { id: ID, bytes: 0, wall: '2026-11-23T07:00:00Z' });

function patch(from: RunState, to: RunState): { message: PatchMessage; bytes: Uint8Array<ArrayBuffer> } {
  const message = {
    type: 'patch',
    runId: ID,
    fromSeq: from.seq,
    seq: to.seq,
    nowNs: null,
    isLive: true,
    summary: summaryAt(to),
  } as const;
  return { message, bytes: encodePatch(from, to) };
}

/** A listener that writes down what it hears. */
function listener(): { heard: string[]; patches: { message: PatchMessage; bytes: Uint8Array }[] } & SourceListener {
  const heard: string[] = [];
  const patches: { message: PatchMessage; bytes: Uint8Array }[] = [];
  return {
    heard,
    patches,
    connection: ({ kind }) => heard.push(kind),
    runs: ({ runs, gone }) => heard.push(`runs ${runs.length} gone ${gone.length}`),
    patch: (message, bytes) => {
      heard.push(`patch ${message.fromSeq}..${message.seq}`);
      patches.push({ message, bytes });
    },
    traces: ({ version }) => heard.push(`traces ${version}`),
    progress: () => undefined,
    problem: (kind) => heard.push(kind),
  };
}

test('a page that follows by patches has the state that the collector has', () => {
  const events = eventsOf(recordingText('streams/hang-timeout.jsonl'));
  const hears = listener();
  const read = createFrameReader(hears, () => true);
  let run = emptyRun();
  for (let at = 0; at < events.length; at += 17) {
    const next = reduceRun(run, events.slice(at, at + 17));
    const { message, bytes } = patch(run, next);
    read(JSON.stringify(message));
    read(bytes.buffer);
    run = next;
  }
  const folded = foldPatches(undefined, hears.patches);
  expect(folded === undefined ? undefined : viewOf(folded)).toEqual(viewOf(run));
});

test('a patch that does not fit is refused, and a checkpoint mends it', () => {
  const events = eventsOf(recordingText('streams/parallel.jsonl'));
  const half = reduceRun(emptyRun(), events.slice(0, 20));
  const whole = reduceRun(half, events);
  expect(foldPatches(undefined, [patch(half, whole)])).toBeUndefined();
  const mended = foldPatches(undefined, [patch(half, whole), patch(emptyRun(), whole)]);
  expect(mended?.seq).toBe(whole.seq);
});

test('frames of a run that is no longer followed, and noise, are dropped', () => {
  const hears = listener();
  const read = createFrameReader(hears, (id) => id !== ID);
  const { message, bytes } = patch(
    emptyRun(),
    reduceRun(emptyRun(), eventsOf(recordingText('streams/parallel.jsonl'))),
  );
  read(JSON.stringify(message));
  read(bytes.buffer);
  read(bytes.buffer);
  read('{"type":"patch"}');
  read('no json');
  expect(hears.heard).toEqual([]);
});

test('an unknown run leaves the connection alone, another protocol ends it', () => {
  const hears = listener();
  const read = createFrameReader(hears, () => true);
  const refuse = (code: string): string => JSON.stringify({ type: 'refuse', code, message: 'because', retry: false });
  expect(read(refuse('unknown-run'))).toBeUndefined();
  expect(read(refuse('protocol'))).toBe('refused');
  expect(hears.heard).toEqual(['unknown-run', 'refused']);
});

test('waits longer from try to try, up to a bound', () => {
  expect([0, 1, 2, 3, 9, 1000].map((attempt) => backoffMs(attempt, 0.5))).toEqual([250, 500, 1000, 2000, 5000, 5000]);
});

test('the list has live runs first, then the newest, without those that are gone', () => {
  const run = (id: string, hour: number, verdict: 'running' | 'passed'): PatchMessage['summary'] => ({
    ...summaryAt(emptyRun()),
    id,
    verdict,
    startedAt: `2026-11-23T0${hour}:00:00Z`,
  });
  const known = mergeRuns([], [run('a', 1, 'passed'), run('b', 3, 'passed'), run('c', 2, 'running')], []);
  expect(known.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  expect(mergeRuns(known, [run('c', 2, 'passed')], ['a']).map(({ id }) => id)).toEqual(['b', 'c']);
});
