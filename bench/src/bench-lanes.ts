import { readFileSync } from 'node:fs';
import { createReader, LanePyramid, type Segment } from '@observe/gotrace';
import { median, quantile } from './measure.ts';
import { megabytes, milliseconds, type Row } from './report.ts';

const SEGMENTS = 300;
const WIDTH = 1_000;
const LANES = 50;
const ROW_BYTES = 14;
const GOAL_MS = 5;

/** Windows over lanes of a trace of some hundred segments: one that was recorded, over and over. In this process. */
export function benchLanes(path: string): Row[] {
  const recorded: Segment[] = [];
  const reader = createReader({}, (segment) => void recorded.push(segment));
  reader.push(readFileSync(path));
  reader.end();
  const pyramid = new LanePyramid();
  let endNs = 0;
  const startMs = performance.now();
  for (let i = 0; i < SEGMENTS; i++) {
    const segment = recorded[i % recorded.length];
    if (segment === undefined) return [];
    pyramid.add(later(segment, endNs));
    endNs += segment.endNs - segment.startNs;
  }
  const addMs = (performance.now() - startMs) / SEGMENTS;
  const longest = longestLanes(recorded, LANES);
  const ask = (lanes: readonly number[]): Pick<Row, 'value' | 'goal' | 'isMet'> => {
    const spent = Array.from({ length: 100 }, (_, i) => {
      const widthNs = endNs / 1.05 ** i; // from all of it to a hundredth
      const from = ((endNs - widthNs) * (i % 7)) / 7;
      const startMs = performance.now();
      pyramid.window(lanes, from, from + widthNs, WIDTH);
      return performance.now() - startMs;
    });
    const p95Ms = quantile(spent, 0.95);
    const value = `median ${milliseconds(median(spent))}, p95 ${milliseconds(p95Ms)}`;
    return { value, goal: `p95 ≤ ${GOAL_MS} ms`, isMet: p95Ms <= GOAL_MS };
  };
  return [
    {
      what: `${SEGMENTS} segments, ${Math.round(endNs / 1e9)} s`,
      value: `${megabytes(pyramid.rows * ROW_BYTES)} of tiles`,
    },
    { what: 'to add a segment', value: milliseconds(addMs) },
    { what: `one lane, ${WIDTH} pixels`, ...ask(longest.slice(0, 1)) },
    { what: `${LANES} lanes, ${WIDTH} pixels each`, ...ask(longest) },
  ];
}

/** The same, at another time. */
function later(segment: Segment, startNs: number): Segment {
  const shift = startNs - segment.startNs;
  const { intervals } = segment;
  return {
    ...segment,
    startNs,
    endNs: segment.endNs + shift,
    intervals: {
      ...intervals,
      startNs: intervals.startNs.map((ns) => ns + shift),
      endNs: intervals.endNs.map((ns) => ns + shift),
    },
  };
}

/** Goroutines with the most intervals. */
function longestLanes(segments: readonly Segment[], count: number): number[] {
  const rows = new Map<number, number>();
  for (const { intervals } of segments) {
    for (const goroutine of intervals.goroutine) rows.set(goroutine, (rows.get(goroutine) ?? 0) + 1);
  }
  const sorted = [...rows].sort(([, a], [, b]) => b - a);
  return sorted.slice(0, count).map(([goroutine]) => goroutine);
}
