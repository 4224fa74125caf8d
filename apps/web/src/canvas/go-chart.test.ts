import type { SeriesAnswer } from '@observe/protocol';
import { expect, test } from 'vitest';
import { chartText } from './chart-text.ts';
import { chartOf, lastKnownNs, momentAt, roundUp } from './go-chart.ts';

/** Ten columns of a millisecond each. */
const answer = (more: Partial<SeriesAnswer>): SeriesAnswer => ({
  schema: 1,
  fromNs: 0,
  toNs: 10e6,
  width: 10,
  processes: 1,
  counts: [],
  heapBytes: new Array<null>(10).fill(null),
  heapGoalBytes: new Array<null>(10).fill(null),
  gc: [],
  stopTheWorld: [],
  ...more,
});
const columns = (...values: number[]): number[] => [...values, ...new Array<number>(10 - values.length).fill(0)];

test('Go’s words for one kind of wait are one group, and unknown ones are none of them', () => {
  const { groups, total } = momentAt(
    chartOf(
      answer({
        counts: [
          { state: 'waiting', reason: 'chan send', last: columns(1), max: columns(2) },
          { state: 'waiting', reason: 'chan receive', last: columns(3), max: columns(3) },
          { state: 'waiting', reason: 'a reason of Go 1.40', last: columns(1), max: columns(1) },
          { state: 'running', reason: '', last: columns(1), max: columns(2) },
        ],
      }),
    ),
    0.5e6,
  )!;
  expect(total).toBe(6);
  expect(groups.channel).toEqual({ last: 4, max: 5 });
  expect(groups.other).toEqual({ last: 1, max: 1 });
  expect(groups.lock).toEqual({ last: 0, max: 0 });
});

test('the peak of a column is what is certain of it: never the sum of states that one goroutine went through', () => {
  const { peak, total } = chartOf(
    answer({
      counts: [
        { state: 'waiting', reason: 'sleep', last: columns(0, 3), max: columns(42, 3) },
        { state: 'runnable', reason: '', last: columns(0, 2), max: columns(42, 4) },
      ],
    }),
  );
  expect([...peak.subarray(0, 3)]).toEqual([42, 5, 0]);
  expect([...total.subarray(0, 3)]).toEqual([0, 5, 0]);
});

test('a moment tells the collection that goes on then, and what nobody says is unknown', () => {
  const chart = chartOf(
    answer({ gc: [[2e6, 4e6]], heapBytes: [null, null, null, 5e6, ...new Array<null>(6).fill(null)] }),
  );
  expect(momentAt(chart, 3.5e6)).toMatchObject({ gcNs: 2e6, stopNs: undefined, heapBytes: 5e6, goalBytes: undefined });
  expect(momentAt(chart, 8e6)).toMatchObject({ gcNs: undefined, heapBytes: undefined });
  expect(momentAt(chart, -1)).toBeUndefined();
  expect(momentAt(chart, 10e6)).toBeUndefined();
});

test('the latest known moment lies before the end of the traces and before now', () => {
  const counts = [{ state: 'running' as const, reason: '', last: columns(1, 1, 1), max: columns(1, 1, 1) }];
  expect(lastKnownNs(chartOf(answer({ counts })), 10e6)).toBe(2.5e6);
  expect(lastKnownNs(chartOf(answer({ counts })), 1.5e6)).toBe(1.5e6);
  expect(lastKnownNs(chartOf(answer({})), 10e6)).toBe(0);
});

test('scales end at round numbers, so that they seldom change', () => {
  expect([0, 1, 7, 42, 64, 81, 101, 7.7e6].map(roundUp)).toEqual([0, 1, 8, 50, 80, 100, 150, 8e6]);
});

test('the charts in words', () => {
  const chart = chartOf(
    answer({
      counts: [
        { state: 'waiting', reason: 'sync', last: new Array<number>(10).fill(2), max: new Array<number>(10).fill(2) },
      ],
      heapBytes: new Array<number>(10).fill(1.5e6),
      heapGoalBytes: new Array<number>(10).fill(4e6),
    }),
  );
  expect(chartText(chart, { fromNs: 5e6, toNs: 17e6, widthPx: 60 }).split('\n')).toEqual([
    '6ms 2 goroutines: lock 2; heap 1.5 MB of 4 MB',
    '8ms 2 goroutines: lock 2; heap 1.5 MB of 4 MB',
    '10ms unknown',
    '12ms unknown',
    '14ms unknown',
    '16ms unknown',
  ]);
});
