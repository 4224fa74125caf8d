import fc from 'fast-check';
import { iterateRows } from '@observe/base';
import type { LogRecord } from '@observe/protocol';
import { recordingText, recordsOf } from '@observe/testkit';
import { expect, test } from 'vitest';
import {
  createRecordFold,
  createRecordReader,
  emptyRun,
  rangesOf,
  reduceRun,
  viewOf,
  type ByteRecord,
  type RunState,
} from './index.ts';

const RECORDINGS = [
  'streams/parallel.jsonl',
  'streams/hang-timeout.jsonl',
  'streams/panics.jsonl',
  'streams/race.jsonl',
  'streams/noeol-v.jsonl',
  'streams/longs.jsonl',
  'streams/bench.jsonl',
  'streams/nonjson-mixed.jsonl',
  'streams/builderr.jsonl',
  'streams/count3.jsonl',
  'shop/go1.22/run.jsonl',
  'shop/go1.27/run.jsonl',
];
const LOGS = RECORDINGS.map(recordingText);
const LINES = LOGS.map((text) => text.split('\n').slice(0, -1));

/** Lines as Go writes them, of few tests, that begin, print, end and end again in any order. */
const goLine = fc
  .record({
    time: fc.constantFrom('07:34:43.35533194Z', '07:34:43.4Z', '07:35:00Z', '09:34:59.000000001+02:00', '07:34:60Z'),
    action: fc.constantFrom('run', 'pause', 'cont', 'pass', 'fail', 'skip', 'output', 'output', 'output', 'bench'),
    pkg: fc.constantFrom('p', 'p', 'example.com/q'),
    name: fc.constantFrom('TestA', 'TestA', 'TestA/b', 'BenchmarkB', 'TestÜ', 'Test\\u003c', 'Test x', ''),
    elapsed: fc.constantFrom('', ',"Elapsed":0', ',"Elapsed":1.25', ',"Elapsed":01', ',"Elapsed":1e3'),
    text: fc.constantFrom(
      '=== RUN   NAME\\n',
      '=== CONT  NAME\\n',
      '=== NAME  OTHER\\n',
      '    --- PASS: NAME (0.05s)\\n',
      '--- FAIL: NAME (12.34s)\\n',
      '--- SKIP: NAME (3s)\\n',
      '--- FAIL: TestA/b (0.00s)\\n',
      'half',
      'half--- PASS: TestA (0.00s)\\n',
      '    x_test.go:4: said \\"so\\" \\u003cb\\u003e\\n',
      '\\u001b[31mred\\u001b[0m\\n',
      '\\u0016--- PASS: TestA (0.00s)\\n',
      '\\u002d-- PASS: TestA (0.00s)\\n',
      'ü\\n',
      '\\n',
      '',
      '\\\\n',
      'panic: boom\\n',
      'goroutine 1 [running]:\\n',
      '==================\\n',
      'WARNING: DATA RACE\\n',
      '    testing.go:1: race detected during execution of test\\n',
      'BenchmarkB-2   100   12 ns/op\\n',
      'PASS\\n',
      'bad \\x\\n',
    ),
    type: fc.constantFrom('', '', ',"OutputType":"frame"', ',"OutputType":"error"', ',"OutputType":"later"'),
    end: fc.constantFrom('}', '}', '}', '}\r', '', ',"Key":"k"}'),
  })
  .map(({ time, action, pkg, name, elapsed, text, type, end }) => {
    const rest = action === 'output' ? `,"Output":"${text.replace('NAME', name)}"${type}` : elapsed;
    const test = name === '' ? '' : `,"Test":"${name}"`;
    return `{"Time":"2026-11-23T${time}","Action":"${action}","Package":"${pkg}"${test}${rest}${end}`;
  });
const recordedLine = fc
  .tuple(fc.nat(LINES.length - 1), fc.nat(10_000))
  .map(([log, line]) => LINES[log]![line % LINES[log]!.length]!);
const noisyLine = fc
  .tuple(fc.oneof(goLine, recordedLine), fc.nat(400), fc.string({ unit: 'binary', maxLength: 3 }), fc.nat(3))
  .map(([line, at, noise, cut]) => (line.slice(0, at) + noise + line.slice(at + cut)).replaceAll('\n', ' '));
const shuffled = fc
  .array(fc.oneof({ weight: 6, arbitrary: goLine }, recordedLine, noisyLine), { maxLength: 80 })
  .map((lines) => lines.map((line) => line + '\n').join(''));
const aText = fc.oneof(fc.constantFrom(...LOGS), { weight: 4, arbitrary: shuffled });

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
const newFold = (): ReturnType<typeof createRecordFold> =>
  createRecordFold((bytes, from, to) => Buffer.from(bytes.buffer, bytes.byteOffset, to).toString('utf8', from));
const bytesOf = (records: readonly LogRecord[]): ByteRecord[] =>
  records.map(({ header, text }) => ({ header, payload: Buffer.from(text) }));

/** Read at one moment, so that it does not show how the log is cut into records. */
const atOnce = ({ header, text }: LogRecord): LogRecord => ({ header: { ...header, monoNs: 1 }, text });

/** What the events of the log make. */
function byEvents(records: readonly LogRecord[]): RunState {
  const reader = createRecordReader();
  return records.reduce((state, record) => reduceRun(state, reader.read(record)), emptyRun());
}

test('bytes fold to what their events fold to, however they are cut', () => {
  fc.assert(
    fc.property(aText, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 5 }), (text, lines, step) => {
      const log = recordsOf(text, 'eof', lines);
      const records = bytesOf(log);
      const fold = newFold();
      let state = emptyRun();
      for (let at = 0; at < records.length; at += step) state = fold(state, records.slice(at, at + step));
      expect(told(state)).toEqual(told(byEvents(log)));
    }),
    { numRuns: 600 },
  );
});

test('what is sent again changes nothing, and an earlier state can be gone on from', () => {
  fc.assert(
    fc.property(aText, fc.nat(100), fc.nat(100), (text, a, b) => {
      const log = recordsOf(text, 'eof', 7).map(atOnce);
      const records = bytesOf(log);
      const fold = newFold();
      const early = fold(emptyRun(), records.slice(0, a));
      const before = told(early);
      const late = fold(fold(early, records.slice(Math.min(a, b), b)), bytesOf(recordsOf(text, 'eof', 11).map(atOnce)));
      expect(told(early)).toEqual(before);
      expect(told(late)).toEqual(told(byEvents(log)));
      expect(told(fold(early, records))).toEqual(told(late));
    }),
    { numRuns: 200 },
  );
});
