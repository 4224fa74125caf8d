import fc from 'fast-check';
import { eventsOf, recordingText, streamFromText } from '@observe/testkit';
import { describe, expect, test } from 'vitest';
import {
  applyPatch,
  emptyRun,
  encodePatch,
  rangesOf,
  reduceRun,
  viewOf,
  type RunEvent,
  type RunState,
} from './index.ts';
import { iterateRows } from '@observe/base';

const RECORDINGS = [
  ...[
    'parallel',
    'hang-timeout',
    'bgpanic',
    'panics',
    'race',
    'noeol',
    'noeol-v',
    'longs',
    'bench',
    'cached1',
    'nonjson-mixed',
    'builderr',
    'count3',
  ].map((name) => `streams/${name}.jsonl`),
  'shop/go1.22/run.jsonl',
  'shop/go1.27/run.jsonl',
];
const LOGS = RECORDINGS.map((name) => eventsOf(recordingText(name)));

/** A log of nonsense: real lines in any order, so that every transition meets every state. */
const shuffled = fc.tuple(fc.nat(LOGS.length - 1), fc.array(fc.nat(10_000), { maxLength: 200 })).map(([log, picks]) => {
  const from = LOGS[log]!;
  return picks.map((pick, i): RunEvent => ({ ...from[pick % from.length]!, seq: i + 1 }));
});
const aLog = fc.oneof(fc.constantFrom(...LOGS), shuffled);

/** All that a state says, output ranges included. */
const told = (state: RunState): unknown => ({
  view: viewOf(state),
  output: [...iterateRows(state.tests), ...iterateRows(state.builds)].map((it) => [...rangesOf(it.output, state.seq)]),
  packages: [...iterateRows(state.packages)].map((p) => [
    [...rangesOf(p.output, state.seq)],
    [...rangesOf(p.processOutput, state.seq)],
    p.scan,
  ]),
});
const whole = (log: readonly RunEvent[]): RunState => reduceRun(emptyRun(), log);

test('folding in any cuts gives the same state', () => {
  fc.assert(
    fc.property(aLog, fc.array(fc.nat(300), { maxLength: 12 }), (log, cuts) => {
      let state = emptyRun();
      let at = 0;
      for (const cut of [...cuts, log.length]) {
        state = reduceRun(state, log.slice(at, at + cut));
        at += cut;
      }
      expect(told(state)).toEqual(told(whole(log)));
    }),
    { numRuns: 150 },
  );
});

test('folding a resent event changes nothing', () => {
  fc.assert(
    fc.property(aLog, fc.nat(400), fc.nat(400), (log, a, b) => {
      const head = log.slice(0, Math.max(a, b));
      const again = reduceRun(reduceRun(emptyRun(), head), [
        ...log.slice(Math.min(a, b), Math.max(a, b)),
        ...log.slice(head.length),
      ]);
      expect(told(again)).toEqual(told(whole(log)));
    }),
    { numRuns: 100 },
  );
});

test('an earlier state stays as it was while later ones are made of it', () => {
  fc.assert(
    fc.property(aLog, fc.nat(300), fc.nat(100), (log, cut, step) => {
      const early = reduceRun(emptyRun(), log.slice(0, cut));
      const before = told(early);
      let late = early;
      for (let at = cut; at < log.length; at += step + 1) late = reduceRun(late, log.slice(at, at + step + 1));
      expect(told(early)).toEqual(before);
      expect(told(reduceRun(early, log.slice(cut)))).toEqual(told(late));
    }),
    { numRuns: 60 },
  );
});

test('a checkpoint and any patches after it show what the fold shows', () => {
  fc.assert(
    fc.property(aLog, fc.array(fc.nat(300), { maxLength: 6 }), (log, cuts) => {
      let folded = emptyRun();
      let sent = emptyRun();
      let seen = emptyRun();
      let at = 0;
      for (const cut of [...cuts, log.length]) {
        folded = reduceRun(folded, log.slice(at, at + cut));
        at += cut;
        const next = applyPatch(seen, encodePatch(sent, folded));
        if (next === undefined) throw new Error('the patch does not fit');
        seen = next;
        sent = folded;
      }
      expect(viewOf(seen)).toEqual(JSON.parse(JSON.stringify(viewOf(folded))) as unknown);
    }),
    { numRuns: 100 },
  );
});

test('a patch of another state, cut or noisy is refused, never thrown at', () => {
  const [a, b] = [whole(LOGS[0]!.slice(0, 20)), whole(LOGS[0]!)];
  const patch = encodePatch(a, b);
  expect(applyPatch(emptyRun(), patch)).toBeUndefined();
  for (let end = 0; end < patch.length; end += 7) expect(applyPatch(a, patch.slice(0, end))).toBeUndefined();
});

test('nothing is left running when the log has ended', () => {
  fc.assert(
    fc.property(shuffled, (log) => {
      const end: RunEvent = { kind: 'end', seq: log.length + 1, monoNs: 0, reason: 'eof', exitCode: undefined };
      const state = reduceRun(emptyRun(), [...log.filter((e) => e.kind !== 'end'), end]);
      expect(state.counts.running).toBe(0);
      const sum = Object.values(state.counts).reduce((a, b) => a + b, 0);
      expect(sum).toBe(state.tests.length);
      for (const t of iterateRows(state.tests)) expect(t.phase).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});

describe('a producer that vanished', () => {
  const lines = streamFromText(`
    store            start@0
    store TestOpen   run@1ms  pass@20ms
    store TestQuery  run@21ms
  `);
  test('has its run closed as lost, and reopened when it comes back', () => {
    const open = reduceRun(emptyRun(), eventsOf(lines, null));
    const seq = open.seq;
    const lost = reduceRun(open, [{ kind: 'end', seq: seq + 1, monoNs: 9, reason: 'lost', exitCode: undefined }]);
    expect([...iterateRows(lost.tests)].map((t) => t.outcome)).toEqual(['pass', 'lost']);
    const [next] = eventsOf(streamFromText('store TestQuery event-pass@40ms'), null);
    const back = reduceRun(lost, [{ ...next!, seq: seq + 2 }]);
    expect([...iterateRows(back.tests)].map((t) => t.outcome)).toEqual(['pass', 'pass']);
    expect(back.end).toBeUndefined();
  });
});
