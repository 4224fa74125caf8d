import type { SeriesAnswer } from '@observe/protocol';
import { expect, test } from 'vitest';
import { chartOf } from './go-chart.ts';
import { paintCollections, paintGoroutines, paintHeap } from './paint-chart.ts';
import { plainTheme, recorder } from './recorder.test-kit.ts';

const WIDTH = 100;
const all = <T>(value: T): T[] => new Array<T>(WIDTH).fill(value);

/** A column a millisecond, a pixel a column. */
const answer: SeriesAnswer = {
  schema: 1,
  fromNs: 0,
  toNs: 100e6,
  width: WIDTH,
  processes: 1,
  counts: [
    { state: 'running', reason: '', last: all(1), max: all(1) },
    { state: 'waiting', reason: 'sync', last: all(2).fill(0, 50), max: all(2).fill(0, 51).fill(4, 50, 51) },
  ],
  heapBytes: all<number | null>(5e6).fill(null, 80),
  heapGoalBytes: all<number | null>(10e6).fill(5e6, 40).fill(null, 80),
  gc: [[10e6, 12e6]],
  stopTheWorld: [
    [10e6, 10.01e6],
    [200e6, 201e6],
  ],
};
const view = { fromNs: 0, toNs: 100e6, widthPx: 100 };
const strip = { yPx: 0, heightPx: 40 };

function painted(paint: (...rest: Parameters<typeof paintGoroutines>) => void, seen = view, of = answer): string[] {
  const { pen, calls } = recorder();
  paint(pen, chartOf(of), seen, strip, plainTheme);
  return calls;
}

test('states are stacked upon each other, and a peak between two samples stands above them', () => {
  expect(painted(paintGoroutines)).toEqual([
    'rect 50 0 1x30 shade', // four at once; ten pixels a goroutine
    'rect 0 30 100x10 running',
    'rect 0 10 50x20 lock',
  ]);
});

test('an answer that was asked for another window is drawn where its time lies now', () => {
  expect(painted(paintGoroutines, { fromNs: -100e6, toNs: 100e6, widthPx: 100 })).toEqual([
    'rect 75 0 1x30 shade',
    'rect 50 30 50x10 running',
    'rect 50 10 25x20 lock',
  ]);
  expect(painted(paintGoroutines, { fromNs: 40e6, toNs: 60e6, widthPx: 100 })).toEqual([
    'rect 50 0 5x30 shade',
    'rect 0 30 100x10 running',
    'rect 0 10 50x20 lock',
  ]);
});

test('the heap is an area, its goal a line with steps; what no process tells is left free', () => {
  expect(painted(paintHeap)).toEqual([
    'rect 0 20 80x20 heap',
    'rect 0 0 40x1 goal',
    'rect 40 0 1x21 goal',
    'rect 41 20 39x1 goal',
  ]);
});

test('collections are bars, stops of the world ticks of at least a pixel; what lies outside is not drawn', () => {
  expect(painted(paintCollections)).toEqual(['rect 10 2 2x36 gc', 'rect 10 0 1x40 text']);
});

test('a chart costs no more calls than pixels and groups', () => {
  const busy = Array.from({ length: 4096 }, (_, x) => x % 7);
  const wide = {
    ...answer,
    width: 4096,
    counts: ['sync', 'select', 'sleep'].map((reason) => ({ state: 'waiting' as const, reason, last: busy, max: busy })),
    heapBytes: [],
    heapGoalBytes: [],
  };
  expect(painted(paintGoroutines, view, wide).length).toBeLessThanOrEqual(3 * 4096);
});
