import { wallAfter, type Ns } from '@observe/base';
import { expect, test } from 'vitest';
import { shop } from '../../test/traces.ts';
import { alignTrace, emptyRun, runNsOf, traceNsOf, type ProcessTrace, type RunState } from '../index.ts';

const auth = shop('1.27', 'auth');
/** The trace without its own clock, or with another. */
const withClocks = (clocks: ProcessTrace['clocks']): ProcessTrace =>
  Object.create(auth.trace, { clocks: { value: clocks } }) as ProcessTrace;

test('a step of the wall clock is followed, piece by piece', () => {
  const stepped = auth.trace.clocks.map((clock, i) =>
    i < 3 ? clock : { ...clock, wall: wallAfter(clock.wall, 3600e9 as Ns) },
  );
  const trace = withClocks(stepped);
  const alignment = alignTrace(trace, undefined, auth.run);
  const [before, after] = [stepped[2]!.atNs, stepped[3]!.atNs];
  expect(runNsOf(alignment, after)! - runNsOf(alignment, before)!).toBeCloseTo(after - before + 3600e9, -4);
  expect(alignment).toMatchObject({ quality: 'snapshot', errorNs: 1000 });
  for (const atNs of [0, before, after, after + 1e9]) {
    expect(traceNsOf(alignment, runNsOf(alignment, atNs)!)).toBeCloseTo(atNs, -1);
  }
});

test('before the first test, the reader’s monotonic clock places the trace, roughly', () => {
  const exact = alignTrace(auth.trace, undefined, auth.run);
  const live: RunState = {
    ...auth.run,
    host: { observeVersion: '0', wall: '2026-11-23T07:00:00Z' },
    originMonoNs: Number(auth.trace.originMonoNs) - exact.originNs + 2e6, // the first line came 2 ms late
  };
  const rough = alignTrace(withClocks([]), undefined, live);
  expect(rough.quality).toBe('host');
  expect(Math.abs(rough.originNs - exact.originNs)).toBeLessThan(rough.errorNs);
});

test('the clock of whoever imported a file, or of another boot, says nothing', () => {
  const host = { observeVersion: '0', wall: '2026-11-23T07:00:00Z' };
  const originMonoNs = Number(auth.trace.originMonoNs);
  const imported = { ...auth.run, originMonoNs, host: { ...host, importedFrom: 'run.jsonl' } };
  const rebooted = { ...auth.run, originMonoNs: 3600e9, host };
  for (const run of [imported, rebooted, auth.run, emptyRun()]) {
    const alignment = alignTrace(withClocks([]), undefined, run);
    expect(alignment.quality).toBe('unknown');
    expect(runNsOf(alignment, 0)).toBeUndefined();
    expect(traceNsOf(alignment, 0)).toBeUndefined();
  }
});

test('the wall clock of the trace is of no use to a run without Time', () => {
  expect(alignTrace(auth.trace, undefined, { ...auth.run, origin: undefined }).quality).toBe('unknown');
});
