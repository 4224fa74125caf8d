import { SCHEMA, type GoState, type SeriesAnswer } from '@observe/protocol';
import type { ProcessTrace } from '@observe/run';
import { goStateName } from './go-states.ts';
import type { TraceWindow } from './questions.ts';
import type { TracedProcess } from './traced-process.ts';

/** Reasons with which only workers of the runtime wait: nobody's goroutines, and always there. */
const RUNTIME_REASONS: ReadonlySet<string> = new Set([
  'system goroutine wait',
  'GC background sweeper wait',
  'GC mark assist wait for work',
]);

interface Sum {
  readonly state: GoState;
  readonly reason: string;
  readonly max: number[];
  readonly last: number[];
}

/** Counts, heap and collections of these processes, a number a pixel. */
export function askSeries(processes: readonly TracedProcess[], { fromNs, toNs, width }: TraceWindow): SeriesAnswer {
  const sums = new Map<string, Sum>();
  const heapBytes = new Array<number | null>(width).fill(null);
  const heapGoalBytes = new Array<number | null>(width).fill(null);
  const gc: [number, number][] = [];
  const stopTheWorld: [number, number][] = [];
  const pixelNs = (toNs - fromNs) / width;
  let within = 0;
  for (const process of processes) {
    const { trace } = process;
    const [from, to] = [process.traceNs(fromNs), process.traceNs(toNs)];
    if (from === undefined || to === undefined || to <= 0 || from >= trace.extent.endNs) continue;
    within++;
    // Pixels behind the trace's tip know nothing of it.
    const pixels = Math.min(width, Math.ceil((trace.extent.endNs - from) / pixelNs));
    addCounts(sums, trace, from, to, width, pixels);
    addSteps(heapBytes, trace.heapAllocBytes, from, pixelNs, pixels);
    addSteps(heapGoalBytes, trace.heapGoalBytes, from, pixelNs, pixels);
    addRanges(gc, trace.collections, process, from, to);
    addRanges(stopTheWorld, trace.stops, process, from, to);
  }
  return {
    schema: SCHEMA,
    fromNs,
    toNs,
    width,
    processes: within,
    counts: [...sums.values()].filter(({ max }) => max.some((count) => count > 0)),
    heapBytes,
    heapGoalBytes,
    gc: mergeNear(gc, pixelNs),
    stopTheWorld: mergeNear(stopTheWorld, pixelNs),
  };
}

function addCounts(
  sums: Map<string, Sum>,
  trace: ProcessTrace,
  fromNs: number,
  toNs: number,
  width: number,
  pixels: number,
): void {
  for (const { state, reason, last, max } of trace.counts.window(fromNs, toNs, width)) {
    const name = goStateName(state);
    const words = name === 'waiting' ? (trace.reasons[reason] ?? '') : '';
    if (name === undefined || RUNTIME_REASONS.has(words)) continue;
    const key = `${name}/${words}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      const zeros = (): number[] => new Array<number>(width).fill(0);
      sums.set(key, (sum = { state: name, reason: words, max: zeros(), last: zeros() }));
    }
    for (let x = 0; x < pixels; x++) {
      sum.max[x] = (sum.max[x] as number) + (max[x] as number);
      sum.last[x] = (sum.last[x] as number) + (last[x] as number);
    }
  }
}

/** Adds what a series says at the end of each pixel, where it says something. */
function addSteps(
  sum: (number | null)[],
  { atNs, value }: ProcessTrace['heapAllocBytes'],
  fromNs: number,
  pixelNs: number,
  pixels: number,
): void {
  let row = -1;
  for (let x = 0; x < pixels; x++) {
    const untilNs = fromNs + (x + 1) * pixelNs;
    while (row + 1 < atNs.length && (atNs.values[row + 1] as number) < untilNs) row++;
    if (row >= 0) sum[x] = (sum[x] ?? 0) + (value.values[row] as number);
  }
}

function addRanges(
  ranges: [number, number][],
  log: ProcessTrace['collections'],
  process: TracedProcess,
  fromNs: number,
  toNs: number,
): void {
  const { startNs, endNs } = log;
  for (let row = firstEndingAfter(endNs.values, endNs.length, fromNs); row < endNs.length; row++) {
    if ((startNs.values[row] as number) >= toNs) break;
    const [start, end] = [
      process.runNs(Math.max(0, startNs.values[row] as number)),
      process.runNs(endNs.values[row] as number),
    ];
    if (start !== null && end !== null) ranges.push([start, end]);
  }
}

function firstEndingAfter(endNs: Float64Array, length: number, atNs: number): number {
  let low = 0;
  for (let high = length; low < high;) {
    const middle = (low + high) >> 1;
    if ((endNs[middle] as number) > atNs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sorted; what no pixel can tell apart is one. */
function mergeNear(ranges: [number, number][], pixelNs: number): [number, number][] {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges.sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && start - last[1] < pixelNs / 2) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
