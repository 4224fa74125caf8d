import type { TestingWaitId } from '@observe/gostack';
import { F64Column, GO_STATE, I32Column, RANGE_KIND, type Segment } from '@observe/gotrace';
import type { GoroutineRows } from './goroutine-rows.ts';
import { OWNER } from './owner-kind.ts';
import type { OwnerTable } from './owner-table.ts';
import { TEST_WAITS } from './stack-facts.ts';
import type { WaitReasons } from './wait-reasons.ts';

/** Where time went: so long in this state, for this reason, in this wait of package testing. */
export interface TimeShare {
  /** One of GO_STATE. */
  readonly state: number;
  /** Row of the reasons; 0 unless waiting, and for a wait of package testing. */
  readonly reason: number;
  /** A wait inside package testing, which is nobody's fault. */
  readonly testWait: TestingWaitId | undefined;
  readonly ns: number;
}

/** Slots of an owner: four states of its runner, four of the goroutines that it started. */
const SLOTS = 8;
/** Codes of waits, as a factor of keys: reasons, then waits of package testing. */
const WAITS = 512;
const TEST_WAIT = 256;

/**
 * What each owner's goroutines cost, by row of the owner; without those of its subtests. About 100 bytes an owner, and 40 for each
 * reason it waited for. A test's runner is told apart from the goroutines that it started.
 */
export class AccountTable {
  /** Goroutines that it has had, its runner included. */
  readonly started = new I32Column();
  readonly alive = new I32Column();
  /** The most alive at one moment. */
  readonly maxAlive = new I32Column();
  /** Goroutines that were alive when it ended. Some may have ended right after. */
  readonly outlived = new I32Column();
  /** CPU samples; none unless a CPU profile was written, too. */
  readonly samples = new I32Column();
  /** Time in which its goroutines had to help the garbage collector. */
  readonly assistNs = new F64Column();
  readonly #stateNs = new F64Column();
  /** Key: (owner × 2 + is child) × WAITS + code. */
  readonly #waitNs = new Map<number, number>();
  /** Codes by (owner × 2 + is child), of so many keys. */
  readonly #codes = new Map<number, number[]>();
  #indexed = 0;
  readonly #owners: OwnerTable;
  readonly #goroutines: GoroutineRows;
  readonly #waits: WaitReasons;
  #movesSeen = 0;

  constructor(owners: OwnerTable, goroutines: GoroutineRows, waits: WaitReasons) {
    this.#owners = owners;
    this.#goroutines = goroutines;
    this.#waits = waits;
  }

  /** Time of a test's runner, or of all goroutines that it started. */
  timesOf(owner: number, who: 'runner' | 'children'): readonly TimeShare[] {
    const shares: TimeShare[] = [];
    const isChild = who === 'children' ? 1 : 0;
    const put = (state: number, reason: number, testWait: TestingWaitId | undefined, ns: number | undefined): void => {
      if (ns !== undefined && ns > 0) shares.push({ state, reason, testWait, ns });
    };
    const { runnable, running, syscall, waiting } = GO_STATE;
    for (const state of [runnable, running, syscall]) {
      put(state, 0, undefined, this.#stateNs.values[owner * SLOTS + isChild * 4 + state - 1]);
    }
    for (const code of this.#codesOf(owner * 2 + isChild)) {
      const isOfTesting = code > TEST_WAIT;
      const ns = this.#waitNs.get((owner * 2 + isChild) * WAITS + code);
      put(waiting, isOfTesting ? 0 : code, isOfTesting ? TEST_WAITS[code - TEST_WAIT] : undefined, ns);
    }
    return shares;
  }

  /** Codes of the waits of a test's runner, or of its other goroutines. Keys are never taken away: the index holds until one is added. */
  #codesOf(who: number): readonly number[] {
    if (this.#indexed !== this.#waitNs.size) {
      this.#codes.clear();
      for (const key of this.#waitNs.keys()) {
        const codes = this.#codes.get(Math.floor(key / WAITS));
        if (codes === undefined) this.#codes.set(Math.floor(key / WAITS), [key % WAITS]);
        else codes.push(key % WAITS);
      }
      for (const codes of this.#codes.values()) codes.sort((a, b) => a - b);
      this.#indexed = this.#waitNs.size;
    }
    return this.#codes.get(who) ?? [];
  }

  /** Of a segment whose goroutines have their owners, as far as these are known. */
  addLives({ goroutines, ends }: Segment): void {
    const owner = this.#goroutines.owner.values;
    const { moved } = this.#owners;
    for (; this.#movesSeen < moved.length; this.#movesSeen++) {
      const row = moved.values[this.#movesSeen] as number;
      if (row >= goroutines.first) continue; // comes below
      this.#count(OWNER.unknown, -1);
      this.#count(owner[row] as number, 1);
    }
    let next = 0;
    for (let i = 0; i < goroutines.length; i++) {
      const createdNs = goroutines.createdNs[i] as number;
      while (next < ends.length && (ends.endedNs[next] as number) <= createdNs) this.#end(ends, next++);
      this.#count(owner[goroutines.first + i] as number, 1);
    }
    while (next < ends.length) this.#end(ends, next++);
  }

  /** A goroutine spent so long in a state. */
  spend(row: number, state: number, reason: number, stack: number, spentNs: number): void {
    const owner = this.#goroutines.owner.values[row] as number;
    const isChild = 1 - (this.#goroutines.isRunner.values[row] as number);
    const slot = owner * SLOTS + isChild * 4 + state - 1;
    this.#stateNs.values[slot] = (this.#stateNs.values[slot] as number) + spentNs;
    if (state !== GO_STATE.waiting) return;
    const testWait = this.#waits.testWaitOf(reason, stack);
    const key = (owner * 2 + isChild) * WAITS + (testWait === 0 ? reason : TEST_WAIT + testWait);
    this.#waitNs.set(key, (this.#waitNs.get(key) ?? 0) + spentNs);
  }

  addRuntime({ ranges, samples }: Segment): void {
    for (let i = 0; i < ranges.length; i++) {
      if (ranges.kind[i] !== RANGE_KIND.markAssist) continue;
      const owner = this.#goroutines.owner.values[ranges.goroutine[i] as number];
      if (owner === undefined) continue;
      const spentNs = (ranges.endNs[i] as number) - Math.max(0, ranges.startNs[i] as number);
      this.assistNs.values[owner] = (this.assistNs.values[owner] as number) + spentNs;
    }
    for (let i = 0; i < samples.length; i++) {
      const owner = this.#goroutines.owner.values[samples.goroutine[i] as number];
      if (owner !== undefined) this.samples.values[owner] = (this.samples.values[owner] as number) + 1;
    }
  }

  #count(owner: number, change: number): void {
    const alive = (this.alive.values[owner] as number) + change;
    this.alive.values[owner] = alive;
    this.started.values[owner] = (this.started.values[owner] as number) + change;
    if (alive > (this.maxAlive.values[owner] as number)) this.maxAlive.values[owner] = alive;
  }

  #end(ends: Segment['ends'], i: number): void {
    const row = ends.goroutine[i] as number;
    const owner = this.#goroutines.owner.values[row] as number;
    const alive = (this.alive.values[owner] as number) - 1;
    this.alive.values[owner] = alive;
    if (this.#owners.root.values[owner] === row) this.outlived.values[owner] = alive;
  }

  /** Room for every owner that there is. */
  grow(): void {
    while (this.started.length < this.#owners.length) {
      this.started.push(0);
      this.alive.push(0);
      this.maxAlive.push(0);
      this.outlived.push(0);
      this.samples.push(0);
      this.assistNs.push(0);
      for (let slot = 0; slot < SLOTS; slot++) this.#stateNs.push(0);
    }
  }
}
