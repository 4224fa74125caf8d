import { expect, test } from 'vitest';
import { RangeLog } from './range-log.ts';
import { StepSeries } from './step-series.ts';

const rowsOf = ({ atNs, value }: StepSeries): number[][] =>
  Array.from({ length: atNs.length }, (_, i) => [atNs.values[i]!, value.values[i]!]);

test('a series keeps the most of each millisecond', () => {
  const series = new StepSeries();
  for (const [atNs, value] of [
    [100, 5],
    [900_000, 7],
    [999_999, 6],
    [3_000_000, 1],
  ] as const) {
    series.push(atNs, value);
  }
  expect(rowsOf(series)).toEqual([
    [0, 7],
    [3e6, 1],
  ]);
});

test('hours of it take as much room as a minute', () => {
  const series = new StepSeries();
  for (let ms = 0; ms < 300_000; ms++) series.push(ms * 1e6, ms);
  expect(series.atNs.length).toBeLessThanOrEqual(32_768);
  expect(series.stepNs).toBe(16e6);
  expect(rowsOf(series).slice(0, 2)).toEqual([
    [0, 15],
    [16e6, 31],
  ]);
  expect(rowsOf(series).at(-1)).toEqual([299_984e6, 299_999]);
});

test('ranges: the oldest are dropped, and counted', () => {
  const log = new RangeLog();
  const count = (1 << 18) + 1;
  for (let i = 0; i < count; i++) log.push(i * 10, i * 10 + 4, -1);
  expect(log.startNs.length + log.dropped).toBe(count);
  expect(log.droppedNs).toBe(log.dropped * 4);
  expect(log.startNs.values[0]).toBe(log.dropped * 10);
  expect(log.endNs.values[log.endNs.length - 1]).toBe((count - 1) * 10 + 4);
});
