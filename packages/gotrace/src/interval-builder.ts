import { grownF64, grownI32, grownU8 } from './columns.ts';
import type { IntervalTable, WakeTable } from './tables.ts';

/** Rows of an `IntervalTable`. One check of the room for a whole row: nothing is written more often. */
export class IntervalBuilder {
  length = 0;
  #room = 1024;
  /** The room is doubled up to this; a full table has some rows to spare. */
  readonly #fullRoom: number;
  #goroutine = new Int32Array(1024);
  #startNs = new Float64Array(1024);
  #endNs = new Float64Array(1024);
  #state = new Uint8Array(1024);
  #reason = new Uint8Array(1024);
  #stack = new Int32Array(1024);
  #flags = new Uint8Array(1024);

  /** `fullRows`: rows after which the table is usually taken. */
  constructor(fullRows: number) {
    this.#fullRoom = fullRows + (fullRows >> 3);
  }

  add(
    goroutine: number,
    startNs: number,
    endNs: number,
    state: number,
    reason: number,
    stack: number,
    flags: number,
  ): void {
    const row = this.length;
    if (row === this.#room) this.#grow();
    this.length = row + 1;
    this.#goroutine[row] = goroutine;
    this.#startNs[row] = startNs;
    this.#endNs[row] = endNs;
    this.#state[row] = state;
    this.#reason[row] = reason;
    this.#stack[row] = stack;
    this.#flags[row] = flags;
  }

  take(): IntervalTable {
    const { length } = this;
    const table: IntervalTable = {
      length,
      goroutine: this.#goroutine.subarray(0, length),
      startNs: this.#startNs.subarray(0, length),
      endNs: this.#endNs.subarray(0, length),
      state: this.#state.subarray(0, length),
      reason: this.#reason.subarray(0, length),
      stack: this.#stack.subarray(0, length),
      flags: this.#flags.subarray(0, length),
    };
    this.length = 0;
    if (length < this.#room - this.#room / 4) return copyOf(table);
    // Well filled: the arrays go as they are.
    this.#goroutine = new Int32Array(this.#room);
    this.#startNs = new Float64Array(this.#room);
    this.#endNs = new Float64Array(this.#room);
    this.#state = new Uint8Array(this.#room);
    this.#reason = new Uint8Array(this.#room);
    this.#stack = new Int32Array(this.#room);
    this.#flags = new Uint8Array(this.#room);
    return table;
  }

  #grow(): void {
    const room = this.#room < this.#fullRoom ? Math.min(this.#room * 2, this.#fullRoom) : this.#room * 2;
    this.#room = room;
    this.#goroutine = grownI32(this.#goroutine, room);
    this.#startNs = grownF64(this.#startNs, room);
    this.#endNs = grownF64(this.#endNs, room);
    this.#state = grownU8(this.#state, room);
    this.#reason = grownU8(this.#reason, room);
    this.#stack = grownI32(this.#stack, room);
    this.#flags = grownU8(this.#flags, room);
  }
}

/** A table in memory of its own. */
const copyOf = (table: IntervalTable): IntervalTable => ({
  length: table.length,
  goroutine: table.goroutine.slice(),
  startNs: table.startNs.slice(),
  endNs: table.endNs.slice(),
  state: table.state.slice(),
  reason: table.reason.slice(),
  stack: table.stack.slice(),
  flags: table.flags.slice(),
});

/** Rows of a `WakeTable`. */
export class WakeBuilder {
  #length = 0;
  #room = 256;
  #atNs = new Float64Array(256);
  #from = new Int32Array(256);
  #to = new Int32Array(256);
  #stack = new Int32Array(256);
  #waitNs = new Float64Array(256);

  add(atNs: number, from: number, to: number, stack: number, waitNs: number): void {
    const row = this.#length;
    if (row === this.#room) this.#grow();
    this.#length = row + 1;
    this.#atNs[row] = atNs;
    this.#from[row] = from;
    this.#to[row] = to;
    this.#stack[row] = stack;
    this.#waitNs[row] = waitNs;
  }

  take(): WakeTable {
    const length = this.#length;
    this.#length = 0;
    return {
      length,
      atNs: this.#atNs.slice(0, length),
      from: this.#from.slice(0, length),
      to: this.#to.slice(0, length),
      stack: this.#stack.slice(0, length),
      waitNs: this.#waitNs.slice(0, length),
    };
  }

  #grow(): void {
    this.#room *= 2;
    this.#atNs = grownF64(this.#atNs);
    this.#from = grownI32(this.#from);
    this.#to = grownI32(this.#to);
    this.#stack = grownI32(this.#stack);
    this.#waitNs = grownF64(this.#waitNs);
  }
}
