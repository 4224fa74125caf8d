import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTrace, traceBytes } from '../test/recordings.ts';
import { CountPyramid, LaneIndex, type Segment } from './index.ts';

const segmentOf = (atMs: readonly number[], series: readonly (readonly [number, readonly number[]])[]): Segment =>
  ({
    counts: {
      length: atMs.length,
      stepNs: 1e6,
      atNs: Float64Array.from(atMs, (ms) => ms * 1e6),
      maxAlive: new Int32Array(atMs.length),
      series: series.map(([state, count]) => ({ state, reason: 0, count: Int32Array.from(count) })),
    },
  }) as Partial<Segment> as Segment;

test('a pixel tells what was alive at its end, and the most in it', () => {
  const pyramid = new CountPyramid();
  pyramid.add(segmentOf([0, 1, 5], [[2, [1, 9, 2]]]));
  pyramid.add(segmentOf([10, 11], [[2, [2, 1]], [4, [7, 3]]])); // prettier-ignore
  const window = pyramid.window(0, 20e6, 5);
  expect(window.map(({ state, last, max }) => [state, [...last], [...max]])).toEqual([
    [2, [9, 2, 1, 1, 1], [9, 9, 2, 1, 1]],
    [4, [0, 0, 3, 3, 3], [0, 0, 7, 3, 3]],
  ]);
});

test('any window of any counts is as if every row were looked at', () => {
  const counts = fc.array(fc.nat(50), { minLength: 1, maxLength: 700 });
  fc.assert(
    fc.property(counts, fc.nat(700), fc.nat(700), fc.integer({ min: 1, max: 40 }), (values, a, b, width) => {
      const pyramid = new CountPyramid();
      for (let at = 0; at < values.length; at += 100) {
        const part = values.slice(at, at + 100);
        pyramid.add(segmentOf(part.map((_, i) => at + i), [[4, part]])); // prettier-ignore
      }
      const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b) + 1];
      const [window] = pyramid.window(fromMs * 1e6, toMs * 1e6, width);
      for (let pixel = 0; pixel < width; pixel++) {
        const [start, end] = [pixel, pixel + 1].map((i) => fromMs * 1e6 + ((toMs - fromMs) * 1e6 * i) / width);
        const rows = values.map((value, i) => ({ value, atNs: i * 1e6 })).filter(({ atNs }) => atNs < end!);
        const held = rows.filter(({ atNs }) => atNs < start!).at(-1);
        const inside = [...(held ? [held] : []), ...rows.filter(({ atNs }) => atNs >= start!)];
        expect(window!.last[pixel]).toBe(rows.at(-1)?.value ?? 0);
        expect(window!.max[pixel]).toBe(Math.max(0, ...inside.map(({ value }) => value)));
      }
    }),
    { numRuns: 60 },
  );
});

test('ten minutes of counts, 2,000 pixels wide, takes a few milliseconds', () => {
  const pyramid = new CountPyramid();
  const second = Array.from({ length: 1000 }, (_, i) => i % 97);
  for (let s = 0; s < 600; s++) {
    const series = [1, 2, 3, 4].map((state) => [state, second] as const);
    pyramid.add(segmentOf(second.map((_, i) => s * 1000 + i), series)); // prettier-ignore
  }
  const spent = Array.from({ length: 9 }, (_, i) => {
    const startMs = performance.now();
    pyramid.window(0, 600e9 / (i + 1), 2000);
    return performance.now() - startMs;
  });
  expect(Math.min(...spent)).toBeLessThan(5);
});

test('the lanes of a segment hold each row once, in order', () => {
  for (const { intervals, goroutines } of readTrace(traceBytes('shop/go1.25/auth')).segments) {
    const lanes = new LaneIndex(intervals);
    let rows = 0;
    for (let goroutine = 0; goroutine < goroutines.first + goroutines.length; goroutine++) {
      const lane = lanes.rowsOf(goroutine);
      rows += lane.length;
      for (let i = 0; i < lane.length; i++) {
        expect(intervals.goroutine[lane[i]!]).toBe(goroutine);
        if (i > 0) expect(intervals.startNs[lane[i]!]).toBe(intervals.endNs[lane[i - 1]!]);
      }
    }
    expect(rows).toBe(intervals.length);
    expect(lanes.rowsOf(-1)).toHaveLength(0);
    expect(lanes.rowsOf(1e6)).toHaveLength(0);
  }
});

test('of a lane no more is drawn than the pixels can hold, and no pixel is left empty', () => {
  const [segment] = readTrace(traceBytes('shop/go1.26/payments')).segments;
  const { intervals, startNs, endNs, goroutines } = segment!;
  const lanes = new LaneIndex(intervals);
  for (let goroutine = 0; goroutine < goroutines.length; goroutine++) {
    const lane = lanes.rowsOf(goroutine);
    for (const width of [1, 7, 200]) {
      const visible = lanes.visibleRows(goroutine, startNs, endNs, width);
      expect(visible.length).toBeLessThanOrEqual(width);
      const pixelNs = (endNs - startNs) / width;
      const pixelsOf = (row: number): number[] => {
        const [from, to] = [intervals.startNs[row]!, intervals.endNs[row]!].map((ns) => (ns - startNs) / pixelNs);
        return Array.from({ length: Math.max(1, Math.ceil(to!) - Math.floor(from!)) }, (_, i) => Math.floor(from!) + i);
      };
      const drawn = new Set(visible.flatMap(pixelsOf));
      const covered = new Set([...lane].flatMap(pixelsOf).filter((pixel) => pixel < width));
      expect([...covered].filter((pixel) => !drawn.has(pixel))).toEqual([]);
    }
  }
});
