import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTrace, traceBytes } from '../test/recordings.ts';
import { GO_STATE, LanePyramid, type IntervalTable, type LaneWindow, type Segment } from './index.ts';

interface Interval {
  readonly goroutine: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly series: number;
}

const MS = 1e6;

/** Intervals of any goroutines, one segment. */
function segmentOf(rows: readonly Interval[], startNs: number, endNs: number): Segment {
  const intervals: Partial<IntervalTable> = {
    length: rows.length,
    goroutine: Int32Array.from(rows, (row) => row.goroutine),
    startNs: Float64Array.from(rows, (row) => row.startNs),
    endNs: Float64Array.from(rows, (row) => row.endNs),
    state: Uint8Array.from(rows, (row) => row.series >> 8),
    reason: Uint8Array.from(rows, (row) => row.series & 255),
  };
  return { intervals, startNs, endNs } as Partial<Segment> as Segment;
}

const intervalsOf = (segments: readonly Segment[]): Interval[] =>
  segments.flatMap(({ intervals }) =>
    Array.from(intervals.goroutine, (goroutine, i) => ({
      goroutine,
      startNs: intervals.startNs[i]!,
      endNs: intervals.endNs[i]!,
      series: intervals.state[i]! * 256 + intervals.reason[i]!,
    })),
  );

/** Looks at every interval: of each pixel of one lane, how long the goroutine was in which state, by its code. */
function lookAtAll(rows: readonly Interval[], goroutine: number, fromNs: number, toNs: number, width: number) {
  const pixelNs = (toNs - fromNs) / width;
  return Array.from({ length: width }, (_, pixel) => {
    const [start, end] = [fromNs + pixel * pixelNs, fromNs + (pixel + 1) * pixelNs];
    const spent = new Map<number, number>();
    for (const row of rows) {
      if (row.goroutine !== goroutine) continue;
      const overlapNs = Math.min(row.endNs, end) - Math.max(row.startNs, start);
      if (overlapNs > 0) spent.set(row.series, (spent.get(row.series) ?? 0) + overlapNs);
    }
    return spent;
  });
}

/** The share that the window tells is that of its state, and no other has more; but for what bins cannot tell at a pixel's two edges. */
function expectTrue(window: LaneWindow, lane: number, truth: readonly Map<number, number>[], pixelNs: number): void {
  const blur = window.binNs / pixelNs;
  for (const [pixel, spent] of truth.entries()) {
    const cell = lane * window.width + pixel;
    const code = window.state[cell]! * 256 + window.reason[cell]!;
    const most = Math.max(0, ...spent.values()) / pixelNs;
    expect(Math.abs(window.share[cell]! - (spent.get(code) ?? 0) / pixelNs)).toBeLessThanOrEqual(blur + 1e-6);
    expect(most - window.share[cell]!).toBeLessThanOrEqual(blur + 1e-6);
  }
}

const step = fc.record({
  ns: fc.integer({ min: 1, max: 7_000_000 }),
  series: fc.constantFrom(0, 256, 512, 1025, 1026),
});

/** A lane without gaps, but where the series is 0; then it is not alive. */
const laneOf = (goroutine: number, steps: readonly { ns: number; series: number }[]): Interval[] => {
  let atNs = 0;
  return steps.map(({ ns, series }) => ({ goroutine, startNs: atNs, endNs: (atNs += ns), series }));
};

/** The same intervals in segments: each cut where a segment ends. */
function segmentsOf(lanes: readonly Interval[], segmentNs: number): Segment[] {
  const overNs = Math.max(...lanes.map(({ endNs }) => endNs));
  return Array.from({ length: Math.ceil(overNs / segmentNs) }, (_, i) => {
    const [start, end] = [i * segmentNs, (i + 1) * segmentNs];
    const rows = lanes
      .filter((row) => row.series > 0 && row.startNs < end && row.endNs > start)
      .map((row) => ({ ...row, startNs: Math.max(row.startNs, start), endNs: Math.min(row.endNs, end) }))
      .sort((a, b) => a.endNs - b.endNs);
    return segmentOf(rows, start, end);
  });
}

test('any window of any lanes is as if every interval were looked at', () => {
  const lanes = fc.array(fc.array(step, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 4 });
  const times = fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 200 }));
  fc.assert(
    fc.property(
      lanes,
      times,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 300_000, max: 20 * MS }),
      (steps, [fromMs, ms], width, segmentNs) => {
        const rows = steps.flatMap((lane, i) => laneOf(i * 3, lane));
        const pyramid = new LanePyramid();
        for (const segment of segmentsOf(rows, segmentNs)) pyramid.add(segment);
        const alive = rows.filter(({ series }) => series > 0);
        const [fromNs, toNs] = [fromMs * MS, (fromMs + ms * width) * MS]; // pixels of whole bins: no blur at all
        const goroutines = steps.map((_, i) => i * 3);
        const window = pyramid.window([...goroutines, 1], fromNs, toNs, width);
        for (const [lane, goroutine] of [...goroutines, 1].entries()) {
          expectTrue({ ...window, binNs: 0 }, lane, lookAtAll(alive, goroutine, fromNs, toNs, width), ms * MS);
        }
        const [a, b] = [fromNs + 123_457, toNs + 77 * MS + 1];
        const blurred = pyramid.window(goroutines, a, b, width);
        for (const [lane, goroutine] of goroutines.entries()) {
          expectTrue(blurred, lane, lookAtAll(alive, goroutine, a, b, width), (b - a) / width);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test.each([4_000_000, 3_000])('every lane of a recording, over all and over a part, with room for %i rows', (limit) => {
  const { segments } = readTrace(traceBytes('std/database_sql'));
  const pyramid = new LanePyramid(limit);
  for (const segment of segments) pyramid.add(segment);
  const rows = intervalsOf(segments);
  const endNs = segments.at(-1)!.endNs;
  const goroutines = [...new Set(rows.map(({ goroutine }) => goroutine))].slice(0, 40);
  for (const [fromNs, toNs] of [
    [0, endNs],
    [endNs / 3, endNs / 2],
  ] as const) {
    const window = pyramid.window(goroutines, fromNs, toNs, 50);
    for (const [lane, goroutine] of goroutines.entries()) {
      const own = rows.filter((row) => row.goroutine === goroutine);
      expectTrue(window, lane, lookAtAll(own, goroutine, fromNs, toNs, 50), (toNs - fromNs) / 50);
    }
  }
});

test('memory is bounded: the finest tiles go first, and what is left is still true', () => {
  const busy = laneOf(
    7,
    Array.from({ length: 60_000 }, (_, i) => ({ ns: 400_000, series: [512, 1025][i % 2]! })),
  );
  const small = new LanePyramid(5_000);
  const large = new LanePyramid();
  for (const segment of segmentsOf(busy, 1000 * MS)) {
    small.add(segment);
    large.add(segment);
    expect(small.rows).toBeLessThanOrEqual(5_000);
  }
  expect(large.rows).toBeGreaterThan(40_000);
  const truth = lookAtAll(busy, 7, 0, 24_000 * MS, 10);
  expectTrue(small.window([7], 0, 24_000 * MS, 10), 0, truth, 2_400 * MS);
});

test('a goroutine that is not alive, a width of nothing and a window of nothing have no state', () => {
  const pyramid = new LanePyramid();
  expect(pyramid.window([1], 0, 1e9, 3).state).toEqual(new Uint8Array(3));
  pyramid.add(segmentOf([{ goroutine: 1, startNs: 0, endNs: 2 * MS, series: GO_STATE.running * 256 }], 0, 4 * MS));
  const { state, share } = pyramid.window([2, 1], 0, 4 * MS, 4);
  expect([...state]).toEqual([0, 0, 0, 0, 2, 2, 0, 0]);
  expect([...share]).toEqual([0, 0, 0, 0, 1, 1, 0, 0]);
  for (const [from, to, width] of [
    [0, 4 * MS, 0],
    [5, 5, 10],
    [9, 3, 10],
    [0, NaN, 10],
  ] as const) {
    expect(pyramid.window([1], from, to, width).state).toHaveLength(0);
  }
});
