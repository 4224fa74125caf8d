// Go's own reader is the measure: every goroutine, every state, every nanosecond of every recording.
import { formatWallTime, wallAfter, ns } from '@observe/base';
import { describe, expect, test } from 'vitest';
import {
  PROGRAMS,
  readOracle,
  readTrace,
  readTransitions,
  traceBytes,
  TRACES,
  transitionsOf,
} from '../test/recordings.ts';
import { TotalsTable } from './index.ts';

const unknown = (value: number): number => (Number.isFinite(value) ? value : -1);

describe.each(TRACES)('%s', (name) => {
  const { segments, faults } = readTrace(traceBytes(name));
  const whole = segments.filter((segment) => segment.isComplete);

  test('each change of each goroutine: order, states, reasons, who did it, when', () => {
    const ours = transitionsOf(whole);
    const theirs = readTransitions(name);
    expect(theirs.length).toBeGreaterThan(20);
    expect(ours.map(({ text }) => text)).toEqual(theirs.map(({ text }) => text));
    expect(ours.map(({ atNs }) => atNs)).toEqual(theirs.map(({ atNs }) => atNs));
  });

  test('goroutines: creator, start, life, time in each state, wakes', () => {
    const oracle = readOracle(name);
    const totals = new TotalsTable();
    for (const segment of whole) totals.add(segment);
    const ours = totals.rows().map(({ goid, createdNs, endedNs, ...rest }) => ({
      id: goid,
      ...rest,
      createdNs: unknown(createdNs),
      endedNs: unknown(endedNs),
    }));
    const byId = <T extends { id: number }>(rows: readonly T[]): T[] => [...rows].sort((a, b) => a.id - b.id);
    expect(byId(ours)).toEqual(byId(oracle.goroutines));
    expect(totals.durationNs).toBe(oracle.durationNs);
    expect(Math.max(...whole.map(({ maxAlive }) => maxAlive))).toBe(oracle.maxAlive);
    expect(whole.flatMap(({ goroutines }) => [...goroutines.createdNs]).filter(Number.isFinite)).toHaveLength(
      oracle.goCreates,
    );
  });

  test('clock, metrics, ranges, samples, labels: as many as there are', () => {
    const { kinds, firstSyncNs, firstSyncWall } = readOracle(name);
    const count = (rows: (segment: (typeof whole)[number]) => number): number =>
      whole.reduce((sum, segment) => sum + rows(segment), 0);
    expect(count(({ metrics }) => metrics.length)).toBe(kinds['Metric'] ?? 0);
    expect(count(({ labels }) => labels.length)).toBe(kinds['Label'] ?? 0);
    expect(count(({ samples }) => samples.length)).toBe(kinds['StackSample'] ?? 0);
    expect(count(({ ranges }) => ranges.length)).toBe(kinds['RangeEnd'] ?? 0);
    const { clock } = whole[0]!;
    expect(clock?.atNs ?? 0).toBe(firstSyncNs);
    expect(clock && formatWallTime(wallAfter(clock.wall, ns(0)))).toBe(firstSyncWall);
  });

  test('no fault but a cut', () => {
    const isCut = /shop\/go1\.2[67]\/reports/.test(name); // a panic: Go begins one more generation, and dies
    expect(faults.map(({ kind }) => kind)).toEqual(isCut ? ['truncated'] : []);
  });
});

test.each(PROGRAMS)('%s: each change of each goroutine', (name) => {
  const { segments, faults } = readTrace(traceBytes(name));
  expect(faults).toEqual([]);
  expect(transitionsOf(segments)).toEqual(readTransitions(name));
});
