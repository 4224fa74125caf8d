import { GO_STATE, INTERVAL_FLAG, NONE, OPEN } from '@observe/gotrace';
import type { KeptSegment } from '@observe/run';
import type { TracedProcess } from './facts.ts';
import { isRelease, poolOf, type PoolSignature } from './signatures.ts';
import { framesOf } from './trace-reading.ts';

/** One wait for something out of a known pool. */
export interface PoolWait {
  readonly pool: PoolSignature;
  /** Row of the goroutine. */
  readonly goroutine: number;
  readonly startNs: number;
  /** OPEN: it goes on at the trace's end. */
  endNs: number;
  readonly stack: number;
  /** What ended it: the goroutine that gave something back; `other`: a timer, a context, something else; undefined: nothing so far. */
  endedBy: { readonly kind: 'release'; readonly goroutine: number } | { readonly kind: 'other' } | undefined;
}

/** A suite that waits more often is told by these alone. */
const MAX_WAITS = 100_000;

/** The waits of a process for pools, in the order of their ends, as far back as the trace's intervals are kept. */
export function poolWaitsOf(process: TracedProcess): PoolWait[] {
  const { trace } = process;
  const pools = new Map<number, PoolSignature | null>();
  const poolAt = (reason: number, stack: number): PoolSignature | null => {
    let pool = pools.get(stack);
    if (pool === undefined) {
      pool = poolOf(trace.reasons[reason] ?? '', framesOf(process, stack)) ?? null;
      pools.set(stack, pool);
    }
    return pool;
  };
  const waits: PoolWait[] = [];
  const open = new Map<number, PoolWait>();
  const select = trace.reasons.indexOf('select');
  for (const segment of trace.kept.segments) {
    const { intervals } = segment;
    for (let i = 0; i < intervals.length && waits.length < MAX_WAITS; i++) {
      if (intervals.state[i] !== GO_STATE.waiting || intervals.reason[i] !== select) continue;
      const stack = intervals.stack[i] as number;
      const pool = stack === NONE ? null : poolAt(select, stack);
      if (pool === null) continue;
      const goroutine = intervals.goroutine[i] as number;
      const wait = open.get(goroutine) ?? begin(pool, goroutine, intervals.startNs[i] as number, stack);
      if (!open.has(goroutine)) waits.push(wait);
      if (((intervals.flags[i] as number) & INTERVAL_FLAG.goesOn) !== 0) {
        open.set(goroutine, wait);
        continue;
      }
      open.delete(goroutine);
      wait.endNs = intervals.endNs[i] as number;
      wait.endedBy = enderOf(process, segment, wait);
    }
  }
  return waits;
}

const begin = (pool: PoolSignature, goroutine: number, startNs: number, stack: number): PoolWait => ({
  pool,
  goroutine,
  startNs,
  endNs: OPEN,
  stack,
  endedBy: undefined,
});

/** Who woke it: wakes are sorted by time, and a wait ends at the moment of its wake. */
function enderOf(
  process: TracedProcess,
  { wakes }: KeptSegment,
  { pool, goroutine, endNs }: PoolWait,
): PoolWait['endedBy'] {
  let low = 0;
  for (let high = wakes.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((wakes.atNs[middle] as number) < endNs) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < wakes.length && wakes.atNs[i] === endNs; i++) {
    const from = wakes.from[i] as number;
    if (wakes.to[i] !== goroutine || from === NONE) continue;
    if (isRelease(pool, framesOf(process, wakes.stack[i] as number))) return { kind: 'release', goroutine: from };
  }
  return { kind: 'other' };
}
