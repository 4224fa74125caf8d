import { grownF64, grownI32, grownU8 } from './columns.ts';
import { IdMap } from './id-map.ts';

/** A `seq` that nothing follows: this generation has not told the goroutine's state yet. */
export const UNTOLD = -2;

/**
 * The goroutines that are alive, a slot each: what the order of events needs to know of them. Slots are used again, so that memory
 * follows those alive, not those that were. Columns are fields of a class: the reader's inner loop lives on them.
 */
export class Goroutines {
  /** Slots in use or free again lie below. */
  count = 0;
  goid = new Float64Array(256);
  /** 0: a free slot. */
  state = new Uint8Array(256);
  /** Of the last event that names the goroutine, in this generation. */
  seq = new Float64Array(256);
  readonly #slots = new IdMap();
  #free = new Int32Array(256);
  #freeCount = 0;

  /** Slot of a goroutine that is alive; -1: there is none. */
  find(goid: number): number {
    return this.#slots.get(goid);
  }

  add(goid: number, state: number): number {
    const slot = this.#freeCount > 0 ? (this.#free[--this.#freeCount] as number) : this.count++;
    if (slot >= this.state.length) {
      this.goid = grownF64(this.goid);
      this.state = grownU8(this.state);
      this.seq = grownF64(this.seq);
    }
    this.#slots.set(goid, slot);
    this.goid[slot] = goid;
    this.state[slot] = state;
    this.seq[slot] = 0;
    return slot;
  }

  remove(slot: number): void {
    this.#slots.delete(this.goid[slot] as number);
    this.state[slot] = 0;
    if (this.#freeCount === this.#free.length) this.#free = grownI32(this.#free);
    this.#free[this.#freeCount++] = slot;
  }
}
