import { grownF64, grownI32, grownU8 } from './columns.ts';
import { IdMap } from './id-map.ts';
import { NONE } from './tables.ts';

/** A `seq` that nothing follows: this generation has not told the goroutine's state yet. */
export const UNTOLD = -2;

/**
 * The goroutines that are alive, a slot each. Slots are used again, so that memory follows those alive, not those that were.
 * Columns are fields of a class: the reader's inner loop lives on them.
 */
export class Goroutines {
  /** Slots in use or free again lie below. */
  count = 0;
  goid = new Float64Array(256);
  /** Row of the goroutine in the trace; NONE: a free slot. */
  row = new Int32Array(256);
  state = new Uint8Array(256);
  reason = new Uint8Array(256);
  stack = new Int32Array(256);
  flags = new Uint8Array(256);
  /** Start of the open interval. */
  sinceNs = new Float64Array(256);
  /** Start of the state, also when that was in an earlier generation; BEFORE when before the trace. */
  beganNs = new Float64Array(256);
  /** Of the last event that names the goroutine, in this generation. */
  seq = new Float64Array(256);
  /** The innermost open user region; NONE. */
  region = new Int32Array(256);
  /** Begin of the mark assist, of the stop of the world that it is in; OPEN: in none. */
  assistNs = new Float64Array(256);
  assistStack = new Int32Array(256);
  stopNs = new Float64Array(256);
  stopName = new Int32Array(256);
  stopStack = new Int32Array(256);
  readonly #slots = new IdMap();
  #free = new Int32Array(256);
  #freeCount = 0;

  /** Slot of a goroutine that is alive; -1: there is none. */
  find(goid: number): number {
    return this.#slots.get(goid);
  }

  add(goid: number, row: number, state: number, atNs: number): number {
    const slot = this.#freeCount > 0 ? (this.#free[--this.#freeCount] as number) : this.count++;
    if (slot >= this.row.length) this.#grow();
    this.#slots.set(goid, slot);
    this.goid[slot] = goid;
    this.row[slot] = row;
    this.state[slot] = state;
    this.reason[slot] = 0;
    this.stack[slot] = NONE;
    this.flags[slot] = 0;
    this.sinceNs[slot] = this.beganNs[slot] = atNs;
    this.seq[slot] = 0;
    this.region[slot] = NONE;
    this.assistNs[slot] = this.stopNs[slot] = Number.POSITIVE_INFINITY;
    return slot;
  }

  remove(slot: number): void {
    this.#slots.delete(this.goid[slot] as number);
    this.row[slot] = NONE;
    this.state[slot] = 0;
    if (this.#freeCount === this.#free.length) this.#free = grownI32(this.#free);
    this.#free[this.#freeCount++] = slot;
  }

  #grow(): void {
    this.goid = grownF64(this.goid);
    this.row = grownI32(this.row);
    this.state = grownU8(this.state);
    this.reason = grownU8(this.reason);
    this.stack = grownI32(this.stack);
    this.flags = grownU8(this.flags);
    this.sinceNs = grownF64(this.sinceNs);
    this.beganNs = grownF64(this.beganNs);
    this.seq = grownF64(this.seq);
    this.region = grownI32(this.region);
    this.assistNs = grownF64(this.assistNs);
    this.assistStack = grownI32(this.assistStack);
    this.stopNs = grownF64(this.stopNs);
    this.stopName = grownI32(this.stopName);
    this.stopStack = grownI32(this.stopStack);
  }
}
