import type { SeriesAnswer } from '@observe/protocol';
import { GO_GROUPS, groupOf, type GoGroup } from './go-groups.ts';

const GROUPS = GO_GROUPS.length;

/**
 * An answer made ready to be painted: `width` columns from `fromNs` to `toNs`. Of group `g` in column `x`: `last[g * width + x]`
 * goroutines at the column's end, `max[…]` the most within it.
 */
export interface GoChart {
  readonly fromNs: number;
  readonly toNs: number;
  readonly width: number;
  /** Traced processes that have something in the window; 0: the charts are empty. */
  readonly processes: number;
  readonly last: Int32Array;
  readonly max: Int32Array;
  /** Alive at the end of each column; and what is certain of the most that were alive within it. */
  readonly total: Int32Array;
  readonly peak: Int32Array;
  /** Bytes; NaN where none says. */
  readonly heapBytes: Float64Array;
  readonly goalBytes: Float64Array;
  readonly gc: SeriesAnswer['gc'];
  readonly stops: SeriesAnswer['stopTheWorld'];
  /** Upper ends of the scales: round numbers, so that they seldom change. */
  readonly mostGoroutines: number;
  readonly mostBytes: number;
}

/** Cost: O(width × kinds of states). */
export function chartOf({ fromNs, toNs, width, processes, counts, ...answer }: SeriesAnswer): GoChart {
  const last = new Int32Array(GROUPS * width);
  const max = new Int32Array(GROUPS * width);
  const total = new Int32Array(width);
  const peak = new Int32Array(width);
  for (const count of counts) {
    const at = GO_GROUPS.indexOf(groupOf(count.state, count.reason)) * width;
    for (let x = 0; x < width; x++) {
      const [now, most] = [count.last[x] ?? 0, count.max[x] ?? 0];
      last[at + x]! += now;
      max[at + x]! += most;
      total[x]! += now;
      peak[x] = Math.max(peak[x]!, most);
    }
  }
  for (let x = 0; x < width; x++) peak[x] = Math.max(peak[x]!, total[x]!);
  const heapBytes = Float64Array.from(answer.heapBytes, (bytes) => bytes ?? NaN);
  const goalBytes = Float64Array.from(answer.heapGoalBytes, (bytes) => bytes ?? NaN);
  return {
    ...{ fromNs, toNs, width, processes, last, max, total, peak, heapBytes, goalBytes },
    gc: answer.gc,
    stops: answer.stopTheWorld,
    mostGoroutines: Math.max(4, roundUp(largest(peak))),
    mostBytes: Math.max(1 << 20, roundUp(bytesInSight(largest(heapBytes), largest(goalBytes)))),
  };
}

/** A goal far above the heap, as after GOGC=off, would flatten it: then it leaves the chart at its upper edge. */
const bytesInSight = (heap: number, goal: number): number => Math.max(heap, Math.min(goal, heap * 2.5));

function largest(values: Int32Array | Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8].find((n) => n * power >= value) ?? 10;
  return Math.ceil(step * power);
}

/** What the chart says of one moment. */
export interface ChartMoment {
  readonly total: number;
  readonly groups: Readonly<Record<GoGroup, { readonly last: number; readonly max: number }>>;
  readonly heapBytes: number | undefined;
  readonly goalBytes: number | undefined;
  /** The collection and the stop that go on then. ns. */
  readonly gcNs: number | undefined;
  readonly stopNs: number | undefined;
}

/** Undefined outside of the chart. */
export function momentAt(chart: GoChart, atNs: number): ChartMoment | undefined {
  const { fromNs, toNs, width } = chart;
  const x = Math.floor(((atNs - fromNs) / (toNs - fromNs)) * width);
  if (!(x >= 0 && x < width)) return undefined;
  const columnNs = (toNs - fromNs) / width;
  const groups = Object.fromEntries(
    GO_GROUPS.map((group, g) => [group, { last: chart.last[g * width + x] ?? 0, max: chart.max[g * width + x] ?? 0 }]),
  ) as ChartMoment['groups'];
  return {
    total: chart.total[x] ?? 0,
    groups,
    heapBytes: known(chart.heapBytes[x]),
    goalBytes: known(chart.goalBytes[x]),
    gcNs: lengthAt(chart.gc, atNs, columnNs),
    stopNs: lengthAt(chart.stops, atNs, columnNs),
  };
}

const known = (value: number | undefined): number | undefined =>
  value === undefined || Number.isNaN(value) ? undefined : value;

/** Length of the range at a moment, or within a column of it. */
function lengthAt(ranges: SeriesAnswer['gc'], atNs: number, columnNs: number): number | undefined {
  const range = ranges.find(([start, end]) => start <= atNs + columnNs && end >= atNs - columnNs);
  return range === undefined ? undefined : range[1] - range[0];
}

/** The last column, up to `untilNs`, in which a process was traced: what is shown while nobody points anywhere. */
export function lastKnownNs(chart: GoChart, untilNs: number): number {
  const { fromNs, toNs, width, total } = chart;
  const columnNs = (toNs - fromNs) / width;
  for (let x = Math.min(width, Math.ceil((untilNs - fromNs) / columnNs)) - 1; x >= 0; x--) {
    if (total[x]! > 0) return fromNs + (x + 0.5) * columnNs;
  }
  return fromNs;
}
