import { ns } from '@observe/base';
import { emptyRun, reduceRun, type RunEvent } from '@observe/run';
import { eventsOf, streamFromText } from '@observe/testkit';
import { expect, test } from 'vitest';
import { liveLines } from '../terminal/live-progress.ts';
import { styleFor } from '../terminal/style.ts';
import { eventLines } from './event-lines.ts';
import { packageNamer } from './names.ts';
import { RunWatch } from './run-watch.ts';

const PLAIN = styleFor(false);
/** A stream that goes on. */
const stream = (picture: string): RunEvent[] => eventsOf(streamFromText(picture)).filter(({ kind }) => kind !== 'end');
const FRAME = { columns: 60, rows: 20, spinner: '*', page: undefined };

test('a failure and the end of a package are told once, a parent only when no subtest says why', () => {
  const events = stream(`
    m/store                start@0                              fail@9ms
    m/store TestOpen       run@1ms                fail@4ms
    m/store TestOpen/a     run@2ms   fail@3ms
    m/store TestQuery      run@5ms   fail@6ms
    m/log                  start@0   pass@8ms
  `);
  const watch = new RunWatch();
  const told: string[] = [];
  let state = emptyRun();
  for (const event of events) {
    state = reduceRun(state, [event]);
    told.push(...eventLines(state, watch.look(state), packageNamer(state), PLAIN));
  }
  expect(told.map((line) => line.replaceAll(/ {2,}/g, '  '))).toEqual([
    '✗ store › TestOpen/a  1ms',
    '✗ store › TestQuery  1ms',
    'ok  log  –  passed without running a test',
    'FAIL  store  –  3 of 3 tests failed',
  ]);
});

test('shows what runs now, the longest first, and how many more there are', () => {
  const state = reduceRun(
    emptyRun(),
    stream(`
      m/store            start@0
      m/store TestLong   run@1s
      m/store TestShort  run@2s
      m/log              start@0
      m/log TestPaused   run@1s pause@2s
      m/log TestNew      run@2500ms
      m/log TestDone     run@1s pass@2s
    `),
  );
  const watch = new RunWatch();
  watch.look(state);
  const lines = liveLines(watch, ns(3e9), packageNamer(state), PLAIN, { ...FRAME, rows: 6 });
  expect(lines).toEqual([
    '',
    '    2.0s  store › TestLong',
    '    1.0s  store › TestShort',
    '          1 more running, 1 waiting in t.Parallel',
    '* 0/2 packages  ✓ 1  3.0s',
  ]);
});

test('counts down to the timeout in the second half of its time, and cuts what is too wide', () => {
  const host = { observeVersion: '1', wall: '2026-11-23T07:00:00Z', timeoutNs: 10e9 };
  const events = stream(`
    m/store                                       start@0
    m/store TestWithANameThatIsLongerThanTheLine  run@1s
  `);
  const state = reduceRun(emptyRun(), [
    { kind: 'host', seq: 1, monoNs: 0, facts: host },
    ...events.map((e) => ({ ...e, seq: e.seq + 1 })),
  ]);
  const watch = new RunWatch();
  watch.look(state);
  const at = (now: number): string | undefined =>
    liveLines(watch, ns(now), packageNamer(state), PLAIN, { ...FRAME, columns: 50 })[1];
  expect(at(4e9)).toBe('    3.0s  m/store › TestWithANameThatIsLongerTh…');
  expect(at(6e9)).toBe('    5.0s  m/store › TestWithAN…  timeout in 4.0s');
});
