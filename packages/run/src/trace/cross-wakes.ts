import { F64Column, GO_STATE, I32Column, INTERVAL_FLAG, NONE, OPEN, type Segment } from '@observe/gotrace';
import type { GoroutineRows } from './goroutine-rows.ts';
import type { OwnerTable } from './owner-table.ts';
import type { StackFacts } from './stack-facts.ts';
import type { WaitReasons } from './wait-reasons.ts';

/** Distinct rows; a suite has dozens. */
const LIMIT = 65_536;

/**
 * Goroutines of one test that woke those of another: they share a lock, a channel, a condition. Row = (who woke, who waited, where each
 * stood), in the order in which they were first seen. Without what package testing, the runtime, timers and the network do, and
 * without wakes between a test and its own subtests. Silence is no proof: a lock that is never contended wakes nobody.
 */
export class CrossWakes {
  /** Row of the owners: a test, fuzz test, example or benchmark. */
  readonly from = new I32Column();
  readonly to = new I32Column();
  /** Row of the stacks: where the waker stood. */
  readonly stack = new I32Column();
  /** Row of the stacks: where the other waited. */
  readonly waitStack = new I32Column();
  /** Row of the reasons: what for. */
  readonly reason = new I32Column();
  readonly count = new I32Column();
  /** How many of these when one of the two tests had ended: what outlives a test acts during another. */
  readonly late = new I32Column();
  /** How long the waits lasted, in all. */
  readonly waitNs = new F64Column();
  readonly firstNs = new F64Column();
  readonly lastNs = new F64Column();
  /** Wakes that found no room. */
  dropped = 0;
  readonly #rows = new Map<string, number>();
  readonly #owners: OwnerTable;
  readonly #goroutines: GoroutineRows;
  readonly #facts: StackFacts;
  readonly #waits: WaitReasons;

  constructor(owners: OwnerTable, goroutines: GoroutineRows, facts: StackFacts, waits: WaitReasons) {
    this.#owners = owners;
    this.#goroutines = goroutines;
    this.#facts = facts;
    this.#waits = waits;
  }

  get length(): number {
    return this.from.length;
  }

  /** The goroutines of the segment have their owners. A wake ends a wait: both are sorted by that time, which no two events share. */
  add({ wakes, intervals }: Segment): void {
    let i = 0;
    for (let w = 0; w < wakes.length; w++) {
      const atNs = wakes.atNs[w] as number;
      if (!this.#isCross(wakes.from[w] as number, wakes.to[w] as number)) continue;
      i = firstEndingAt(intervals.endNs, i, intervals.length, atNs);
      const isWait =
        intervals.goroutine[i] === wakes.to[w] &&
        intervals.state[i] === GO_STATE.waiting &&
        ((intervals.flags[i] as number) & INTERVAL_FLAG.goesOn) === 0;
      if (isWait) this.#count(wakes, w, intervals.reason[i] as number, intervals.stack[i] as number);
    }
  }

  #isCross(waker: number, waiter: number): boolean {
    if (waker === NONE) return false;
    const from = this.#goroutines.owner.values[waker] as number;
    const to = this.#goroutines.owner.values[waiter] as number;
    return from !== to && this.#owners.isTest(from) && this.#owners.isTest(to) && !this.#owners.isKin(from, to);
  }

  #count(wakes: Segment['wakes'], w: number, reason: number, waitStack: number): void {
    const stack = wakes.stack[w] as number;
    if (!this.#waits.isForAnother(reason, waitStack)) return;
    if (this.#facts.isTesting(stack) || this.#facts.isTesting(waitStack) || this.#facts.isRuntimeOnly(stack)) return;
    const from = this.#goroutines.owner.values[wakes.from[w] as number] as number;
    const to = this.#goroutines.owner.values[wakes.to[w] as number] as number;
    const row = this.#rowOf(from, to, stack, waitStack, reason, wakes.atNs[w] as number);
    if (row === NONE) return;
    const waitNs = wakes.waitNs[w] as number;
    this.count.values[row] = (this.count.values[row] as number) + 1;
    const { endedNs } = this.#owners;
    const liveNs = Math.min(endedNs.values[from] as number, endedNs.values[to] as number);
    if (liveNs < (wakes.atNs[w] as number)) this.late.values[row] = (this.late.values[row] as number) + 1;
    this.waitNs.values[row] = (this.waitNs.values[row] as number) + (waitNs === OPEN ? 0 : waitNs);
    this.lastNs.values[row] = wakes.atNs[w] as number;
  }

  #rowOf(from: number, to: number, stack: number, waitStack: number, reason: number, atNs: number): number {
    const key = `${from} ${to} ${stack} ${waitStack}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.length >= LIMIT) {
      this.dropped++;
      return NONE;
    }
    const row = this.length;
    this.#rows.set(key, row);
    this.from.push(from);
    this.to.push(to);
    this.stack.push(stack);
    this.waitStack.push(waitStack);
    this.reason.push(reason);
    this.count.push(0);
    this.late.push(0);
    this.waitNs.push(0);
    this.firstNs.push(atNs);
    this.lastNs.push(atNs);
    return row;
  }
}

/** The first row from `low` on that ends at `atNs` or later. */
function firstEndingAt(endNs: Float64Array, low: number, length: number, atNs: number): number {
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((endNs[middle] as number) >= atNs) high = middle;
    else low = middle + 1;
  }
  return low;
}
