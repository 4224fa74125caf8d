import { ns, rowAt, type Rows } from '@observe/base';
import { visitSegments, type TestState } from '@observe/run';
import { laneEndNs } from './lane.ts';

/**
 * How many tests of a package run at once, as steps: `running[i]` from `atNs[i]` until the next. Sorted by `atNs`.
 * Open tests run to the end of time: who paints clips at now.
 */
export interface ActivityTable {
  readonly length: number;
  readonly atNs: Float64Array;
  readonly running: Int32Array;
  /** Largest `running` of each BLOCK steps, so that the peak inside a pixel need not visit every step. */
  readonly blockPeak: Int32Array;
  readonly peak: number;
  /** Where tests failed, and where tests were lost or never started; sorted. */
  readonly failNs: Float64Array;
  readonly lostNs: Float64Array;
}

const BLOCK = 64;

/** Cost: O(n log n) for n segments; 100,000 tests take some 30 ms, so callers keep the table. */
export function activityOf(tests: Rows<TestState>, rows: ArrayLike<number>, count: number): ActivityTable {
  const starts: number[] = [];
  const ends: number[] = [];
  const fails: number[] = [];
  const losts: number[] = [];
  for (let i = 0; i < count; i++) {
    const test = rowAt(tests, rows[i] ?? -1);
    if (test === undefined) continue;
    const endNs = laneEndNs(test, Infinity);
    if (endNs === undefined) continue;
    if (test.outcome === 'fail' && test.children === 0) fails.push(endNs);
    if (test.outcome === 'lost' || test.outcome === 'never-started') losts.push(endNs);
    visitSegments(test, ns(endNs), (phase, fromNs, toNs) => {
      if ((phase !== 'running' && phase !== 'cleanup') || toNs <= fromNs) return;
      starts.push(fromNs);
      ends.push(toNs);
    });
  }
  return steps(
    Float64Array.from(starts).sort(),
    Float64Array.from(ends).sort(),
    Float64Array.from(fails).sort(),
    Float64Array.from(losts).sort(),
  );
}

/** Merges sorted starts and ends; one step for each moment at which the number changes. */
function steps(starts: Float64Array, ends: Float64Array, failNs: Float64Array, lostNs: Float64Array): ActivityTable {
  const atNs = new Float64Array(starts.length + ends.length);
  const running = new Int32Array(atNs.length);
  let length = 0;
  let now = 0;
  let peak = 0;
  for (let s = 0, e = 0; e < ends.length;) {
    const at = Math.min(starts[s] ?? Infinity, ends[e] ?? Infinity);
    if (at === Infinity) break;
    for (; s < starts.length && starts[s] === at; s++) now++;
    for (; e < ends.length && ends[e] === at; e++) now--;
    if (length > 0 && running[length - 1] === now) continue;
    atNs[length] = at;
    running[length++] = now;
    peak = Math.max(peak, now);
  }
  const blockPeak = new Int32Array(Math.ceil(length / BLOCK));
  for (let i = 0; i < length; i++) blockPeak[i >> 6] = Math.max(blockPeak[i >> 6] ?? 0, running[i] ?? 0);
  return {
    length,
    atNs: atNs.subarray(0, length),
    running: running.subarray(0, length),
    blockPeak,
    peak,
    failNs,
    lostNs,
  };
}

/** Largest number of running tests among steps `from` … `to` - 1. */
export function peakBetween(table: ActivityTable, from: number, to: number): number {
  let peak = 0;
  let i = from;
  while (i < to) {
    if (i % BLOCK === 0 && i + BLOCK <= to) {
      peak = Math.max(peak, table.blockPeak[i >> 6] ?? 0);
      i += BLOCK;
    } else {
      peak = Math.max(peak, table.running[i] ?? 0);
      i++;
    }
  }
  return peak;
}
