import { F64Column, I32Column, U8Column } from './columns.ts';
import { BEFORE, GO_STATE, INTERVAL_FLAG, NONE, OPEN, type Segment } from './tables.ts';
import { SymbolTable } from './symbols.ts';

/** What one goroutine did in all, as Go's own reader would tell it. */
export interface GoroutineTotals {
  readonly goid: number;
  /** Go's number of the goroutine that created it; NONE: older than the trace, or made by none. */
  readonly parent: number;
  /** Empty when older than the trace. */
  readonly startFunc: string;
  /** BEFORE when older than the trace. */
  readonly createdNs: number;
  /** OPEN when it was alive at the end. */
  readonly endedNs: number;
  /**
   * Time by state: `Running`, `Runnable`, `Syscall`, `Waiting/<reason>`. As Go's reader, it forgets the reason of a wait when a new
   * generation begins: from there the wait counts as `Waiting/`.
   */
  readonly stateNs: Readonly<Record<string, number>>;
  /** The state at the trace's end; `NotExist` when it ended before. */
  readonly last: string;
  /** How often another goroutine made it runnable. */
  readonly unblocked: number;
}

/** Go's reader ends a trace by an event of its own, as soon after the last one as can be. */
const END_NS = 1;

const STATE_NAMES = ['', 'Runnable', 'Running', 'Syscall', 'Waiting/'];
/** Reasons a state may have, as a factor of keys. */
const REASONS = 256;

/** Adds up segments, each of which may then be dropped. Memory: some 60 bytes a goroutine, and 50 for each of its states. */
export class TotalsTable {
  readonly #symbols = new SymbolTable();
  readonly #goid = new F64Column();
  readonly #parent = new I32Column();
  readonly #startFunc = new I32Column();
  readonly #createdNs = new F64Column();
  readonly #endedNs = new F64Column();
  readonly #lastState = new U8Column();
  readonly #lastReason = new U8Column();
  readonly #unblocked = new I32Column();
  /** Key: (goroutine × states + state) × reasons + reason. */
  readonly #stateNs = new Map<number, number>();
  #reasons: readonly string[] = [''];
  #endNs = 0;

  /** Adds the next segment. Segments come in their order, none is left out. */
  add(segment: Segment): void {
    this.#symbols.add(segment.symbols);
    this.#reasons = segment.reasons;
    this.#endNs = segment.endNs;
    const { goroutines, ends, intervals, wakes } = segment;
    for (let i = 0; i < goroutines.length; i++) {
      this.#goid.push(goroutines.goid[i] as number);
      this.#parent.push(goroutines.parent[i] as number);
      this.#startFunc.push(goroutines.startFunc[i] as number);
      this.#createdNs.push(goroutines.createdNs[i] as number);
      this.#endedNs.push(OPEN);
      this.#lastState.push(0);
      this.#lastReason.push(0);
      this.#unblocked.push(0);
    }
    for (let i = 0; i < ends.length; i++) this.#endedNs.values[ends.goroutine[i] as number] = ends.endedNs[i] as number;
    for (let i = 0; i < intervals.length; i++) {
      const row = intervals.goroutine[i] as number;
      const state = intervals.state[i] as number;
      const isTold = state === GO_STATE.waiting && ((intervals.flags[i] as number) & INTERVAL_FLAG.retold) === 0;
      const reason = isTold ? (intervals.reason[i] as number) : 0;
      const key = (row * STATE_NAMES.length + state) * REASONS + reason;
      const spentNs = (intervals.endNs[i] as number) - (intervals.startNs[i] as number);
      this.#stateNs.set(key, (this.#stateNs.get(key) ?? 0) + spentNs);
      this.#lastState.values[row] = state;
      this.#lastReason.values[row] = reason;
    }
    for (let i = 0; i < wakes.length; i++) {
      if (wakes.from[i] === NONE) continue;
      const row = wakes.to[i] as number;
      this.#unblocked.values[row] = (this.#unblocked.values[row] as number) + 1;
    }
  }

  get length(): number {
    return this.#goid.length;
  }

  /** From the first event to the last. */
  get durationNs(): number {
    return this.#endNs + END_NS;
  }

  /** One for each goroutine of the trace, by row. */
  rows(): readonly GoroutineTotals[] {
    const stateNs: Record<string, number>[] = Array.from({ length: this.length }, () => ({}));
    for (const [key, spentNs] of this.#stateNs) {
      const state = Math.floor(key / REASONS);
      const states = stateNs[Math.floor(state / STATE_NAMES.length)];
      if (states !== undefined) states[this.#name(state % STATE_NAMES.length, key % REASONS)] = spentNs;
    }
    return stateNs.map((states, row) => {
      const parent = this.#parent.values[row] as number;
      const endedNs = this.#endedNs.values[row] as number;
      const last = this.#name(this.#lastState.values[row] as number, this.#lastReason.values[row] as number);
      if (endedNs === OPEN) states[last] = (states[last] ?? 0) + END_NS;
      return {
        goid: this.#goid.values[row] as number,
        parent: parent === NONE ? NONE : (this.#goid.values[parent] as number),
        startFunc: this.#symbols.string(this.#startFunc.values[row] as number),
        createdNs: this.#createdNs.values[row] ?? BEFORE,
        endedNs,
        stateNs: states,
        last: endedNs === OPEN ? last : 'NotExist',
        unblocked: this.#unblocked.values[row] as number,
      };
    });
  }

  #name(state: number, reason: number): string {
    return (STATE_NAMES[state] ?? '') + (state === GO_STATE.waiting ? (this.#reasons[reason] ?? '') : '');
  }
}
