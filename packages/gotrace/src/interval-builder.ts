import { grownF64, grownI32, grownU8 } from './columns.ts';
import type { IntervalTable, WakeTable } from './tables.ts';

/** Rows of an `IntervalTable`. One check of the room for a whole row: nothing is written more often. */
export class IntervalBuilder {
  #length = 0;
  #room = 1024;
  #goroutine = new Int32Array(1024);
  #startNs = new Float64Array(1024);
  #endNs = new Float64Array(1024);
  #state = new Uint8Array(1024);
  #reason = new Uint8Array(1024);
  #stack = new Int32Array(1024);
  #flags = new Uint8Array(1024);

  add(
    goroutine: number,
    startNs: number,
    endNs: number,
    state: number,
    reason: number,
    stack: number,
    flags: number,
  ): void {
    const row = this.#length;
    if (row === this.#room) this.#grow();
    this.#length = row + 1;
    this.#goroutine[row] = goroutine;
    this.#startNs[row] = startNs;
    this.#endNs[row] = endNs;
    this.#state[row] = state;
    this.#reason[row] = reason;
    this.#stack[row] = stack;
    this.#flags[row] = flags;
  }

  take(): IntervalTable {
    const length = this.#length;
    this.#length = 0;
    return {
      length,
      goroutine: this.#goroutine.slice(0, length),
      startNs: this.#startNs.slice(0, length),
      endNs: this.#endNs.slice(0, length),
      state: this.#state.slice(0, length),
      reason: this.#reason.slice(0, length),
      stack: this.#stack.slice(0, length),
      flags: this.#flags.slice(0, length),
    };
  }

  #grow(): void {
    this.#room *= 2;
    this.#goroutine = grownI32(this.#goroutine);
    this.#startNs = grownF64(this.#startNs);
    this.#endNs = grownF64(this.#endNs);
    this.#state = grownU8(this.#state);
    this.#reason = grownU8(this.#reason);
    this.#stack = grownI32(this.#stack);
    this.#flags = grownU8(this.#flags);
  }
}

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
