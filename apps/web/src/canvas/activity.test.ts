import { rowAt } from '@observe/base';
import { emptyRun, reduceRun } from '@observe/run';
import { eventsOf, foldText, streamFromText } from '@observe/testkit';
import { expect, test } from 'vitest';
import { activityOf, peakBetween, type ActivityTable } from './activity.ts';
import { BINS, overviewOf } from './overview.ts';

function activityIn(picture: string): ActivityTable {
  const run = foldText(streamFromText(picture));
  const pkg = rowAt(run.packages, 0);
  return activityOf(run.tests, pkg?.tests ?? [], pkg?.testCount ?? 0);
}

const steps = ({ atNs, running }: ActivityTable): number[][] =>
  Array.from(atNs, (at, i) => [at / 1e6, running[i] ?? NaN]);

test('counts the tests that run at once, not those that wait for them or for a slot', () => {
  const table = activityIn(`
    p           start@0                                pass@100ms
    p TestA     run@1ms                                pass@90ms
    p TestA/x   run@2ms pause@3ms cont@10ms            pass@50ms
    p TestA/y   run@4ms pause@5ms cont@10ms            pass@30ms
  `);
  expect(steps(table)).toEqual([
    [1, 1],
    [10, 2],
    [30, 1],
    [90, 0],
  ]);
  expect(table.peak).toBe(2);
});

test('a test that has not ended runs to the end of time', () => {
  const run = reduceRun(emptyRun(), eventsOf(streamFromText(`p start@0\n p TestA run@5ms`)).slice(0, -1));
  const table = activityOf(run.tests, [0], 1);
  expect(steps(table)).toEqual([[5, 1]]);
});

test('the peak of any stretch is that of its steps, found without visiting them all', () => {
  const lines = Array.from({ length: 500 }, (_, i) => `p T${i} run@${i}ms pass@${i + ((i * 7) % 13) + 0.5}ms`);
  const table = activityIn(['p start@0 pass@2000ms', ...lines].join('\n'));
  for (const [from, to] of [
    [0, 1],
    [3, 200],
    [64, 128],
    [60, 700],
    [0, table.length],
  ] as const) {
    expect(peakBetween(table, from, to)).toBe(Math.max(...table.running.subarray(from, to)));
  }
});

test('the overview spreads each test over the pieces of the run that it touches', () => {
  const run = foldText(
    streamFromText(`
    p        start@0                          fail@1024ms
    p TestA  run@0 fail@512ms
    p TestB  run@0 pause@0 cont@768ms pass@1024ms
  `),
  );
  const { running, parked, fails } = overviewOf(run.tests, { fromNs: 0, toNs: 1024e6 });
  const sum = (values: Float64Array): number => Math.round(values.reduce((a, b) => a + b, 0));
  expect(running).toHaveLength(BINS);
  expect([sum(running), sum(parked)]).toEqual([768, 768]);
  expect([running[100], parked[100], running[600], running[800]].map((n) => Math.round(n ?? NaN))).toEqual([
    1, 1, 0, 1,
  ]);
  expect(fails[512]).toBe(1);
});
