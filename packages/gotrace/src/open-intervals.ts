import { grownF64, grownI32, grownU8 } from './columns.ts';
import { NONE, OPEN } from './tables.ts';

/** What goes on: of each goroutine that is alive, by its slot, the interval that is open, and other things that it has begun. */
export class OpenIntervals {
  /** Slots that were ever used lie below. */
  count = 0;
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
  /** The innermost open user region; NONE. */
  region = new Int32Array(256);
  /** Begin of the mark assist, of the stop of the world that it is in; OPEN: in none. */
  assistNs = new Float64Array(256);
  assistStack = new Int32Array(256);
  stopNs = new Float64Array(256);
  stopName = new Int32Array(256);
  stopStack = new Int32Array(256);

  add(slot: number, row: number, state: number, atNs: number): void {
    if (slot >= this.count) this.count = slot + 1;
    while (slot >= this.row.length) this.#grow();
    this.row[slot] = row;
    this.state[slot] = state;
    this.reason[slot] = 0;
    this.stack[slot] = NONE;
    this.flags[slot] = 0;
    this.sinceNs[slot] = this.beganNs[slot] = atNs;
    this.region[slot] = NONE;
    this.assistNs[slot] = this.stopNs[slot] = OPEN;
  }

  remove(slot: number): void {
    this.row[slot] = NONE;
    this.state[slot] = 0;
  }

  #grow(): void {
    this.row = grownI32(this.row);
    this.state = grownU8(this.state);
    this.reason = grownU8(this.reason);
    this.stack = grownI32(this.stack);
    this.flags = grownU8(this.flags);
    this.sinceNs = grownF64(this.sinceNs);
    this.beganNs = grownF64(this.beganNs);
    this.region = grownI32(this.region);
    this.assistNs = grownF64(this.assistNs);
    this.assistStack = grownI32(this.assistStack);
    this.stopNs = grownF64(this.stopNs);
    this.stopName = grownI32(this.stopName);
    this.stopStack = grownI32(this.stopStack);
  }
}
