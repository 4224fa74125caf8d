import { F64Column, I32Column } from './columns.ts';
import { CountBuilder } from './count-builder.ts';
import { Goroutines } from './goroutines.ts';
import { IntervalBuilder, WakeBuilder } from './interval-builder.ts';
import {
  BEFORE,
  GO_STATE,
  INTERVAL_FLAG,
  NONE,
  type CountTable,
  type EndTable,
  type GoroutineTable,
  type IntervalTable,
  type WakeTable,
} from './tables.ts';

const { waiting, runnable } = GO_STATE;
const { beganEarlier, goesOn, retold } = INTERVAL_FLAG;

/** Least rows of a full table, for each goroutine that is alive. */
const ROWS_PER_GOROUTINE = 8;

/**
 * Turns changes of goroutines, in their order, into the tables of one segment after the other. A change happens at `lastNs`: as an
 * argument of a function that is not inlined, a time would be an object of its own.
 */
export class Timeline {
  readonly goroutines = new Goroutines();
  /** Time of the last event; no event is earlier than the one before. The first is at 0. */
  lastNs = -1;
  readonly #intervals: IntervalBuilder;
  readonly #segmentIntervals: number;
  #fullRows = 0;
  readonly #wakes = new WakeBuilder();
  readonly #counts = new CountBuilder();
  /** Rows given so far, in all segments. */
  #rows = 0;
  readonly #goid = new F64Column();
  readonly #parent = new I32Column();
  readonly #startFunc = new I32Column();
  readonly #createStack = new I32Column();
  readonly #createdNs = new F64Column();
  readonly #ended = new I32Column();
  readonly #endedNs = new F64Column();

  constructor(segmentIntervals: number) {
    this.#segmentIntervals = segmentIntervals;
    this.#intervals = new IntervalBuilder(segmentIntervals);
  }

  /** Clocks of threads disagree a little; order rules. An event takes its own time or the next free nanosecond, as in Go's reader. */
  tick(timeNs: number): number {
    this.lastNs = timeNs > this.lastNs ? timeNs : this.lastNs + 1;
    return this.lastNs;
  }

  begin(): void {
    this.#counts.begin(this.lastNs);
    // What is open is written once more at the end of a table, so many goroutines need long tables.
    this.#fullRows = Math.max(this.#segmentIntervals, this.goroutines.count * ROWS_PER_GOROUTINE);
  }

  /** The tables are long enough to be handed over, in the middle of a generation. */
  get isFull(): boolean {
    return this.#intervals.length >= this.#fullRows;
  }

  /** Somebody made it, or nobody (parent NONE). Returns its slot. */
  create(
    goid: number,
    state: number,
    parent: number,
    startFunc: number,
    createStack: number,
    createdNs: number,
  ): number {
    const atNs = this.lastNs;
    const slot = this.goroutines.add(goid, this.#rows++, state, atNs);
    this.#goid.push(goid);
    this.#parent.push(parent);
    this.#startFunc.push(startFunc);
    this.#createStack.push(createStack);
    this.#createdNs.push(createdNs);
    if (atNs >= this.#counts.stepEndNs) this.#counts.flush(atNs);
    this.#counts.move(0, 0, state, 0);
    return slot;
  }

  /** It is older than the trace, or what made it was lost. Returns its slot. */
  discover(goid: number, state: number, stack: number): number {
    const slot = this.create(goid, state, NONE, NONE, NONE, BEFORE);
    this.goroutines.stack[slot] = state === GO_STATE.running ? NONE : stack;
    this.goroutines.flags[slot] = beganEarlier;
    this.goroutines.beganNs[slot] = BEFORE;
    return slot;
  }

  /** Ends the open interval, begins the next. */
  move(slot: number, state: number, reason: number, stack: number): void {
    const g = this.goroutines;
    const atNs = this.lastNs;
    const from = g.state[slot] as number;
    const fromReason = g.reason[slot] as number;
    this.#intervals.add(
      g.row[slot] as number,
      g.sinceNs[slot] as number,
      atNs,
      from,
      fromReason,
      g.stack[slot] as number,
      g.flags[slot] as number,
    );
    if (atNs >= this.#counts.stepEndNs) this.#counts.flush(atNs);
    this.#counts.move(from, fromReason, state, reason);
    g.state[slot] = state;
    g.reason[slot] = reason;
    g.stack[slot] = stack;
    g.flags[slot] = 0;
    g.sinceNs[slot] = atNs;
    g.beganNs[slot] = atNs;
  }

  /** A goroutine that waits becomes runnable; where it stands does not change. */
  wake(slot: number, from: number, stack: number): void {
    const g = this.goroutines;
    const atNs = this.lastNs;
    const waitNs = atNs - (g.beganNs[slot] as number);
    this.#wakes.add(atNs, from === NONE ? NONE : (g.row[from] as number), g.row[slot] as number, stack, waitNs);
    this.move(slot, runnable, 0, g.stack[slot] as number);
  }

  /** A later generation says what we know. Go's reader forgets the reason of a wait here, so the place is marked. */
  retell(slot: number, stack: number): void {
    const g = this.goroutines;
    const atNs = this.lastNs;
    const flags = g.flags[slot] as number;
    if (g.state[slot] !== waiting || (flags & retold) !== 0) return;
    this.#intervals.add(
      g.row[slot] as number,
      g.sinceNs[slot] as number,
      atNs,
      waiting,
      g.reason[slot] as number,
      g.stack[slot] as number,
      flags | goesOn,
    );
    g.flags[slot] = beganEarlier | retold;
    g.sinceNs[slot] = atNs;
    if (g.stack[slot] === NONE) g.stack[slot] = stack;
  }

  destroy(slot: number): void {
    const g = this.goroutines;
    const row = g.row[slot] as number;
    this.move(slot, 0, 0, NONE);
    this.#ended.push(row);
    this.#endedNs.push(this.lastNs);
    g.remove(slot);
  }

  /** Cuts every open interval: a segment holds all that happened in its time, and nothing else. */
  take(): TimelineTables {
    const g = this.goroutines;
    const endNs = this.lastNs;
    for (let slot = 0; slot < g.count; slot++) {
      if (g.row[slot] === NONE) continue;
      const flags = g.flags[slot] as number;
      this.#intervals.add(
        g.row[slot] as number,
        g.sinceNs[slot] as number,
        endNs,
        g.state[slot] as number,
        g.reason[slot] as number,
        g.stack[slot] as number,
        flags | goesOn,
      );
      g.sinceNs[slot] = endNs;
      g.flags[slot] = flags | beganEarlier;
    }
    const { length } = this.#goid;
    const counts = this.#counts.take(endNs);
    return {
      goroutines: {
        length,
        first: this.#rows - length,
        goid: this.#goid.take(),
        parent: this.#parent.take(),
        startFunc: this.#startFunc.take(),
        createStack: this.#createStack.take(),
        createdNs: this.#createdNs.take(),
      },
      ends: { length: this.#ended.length, goroutine: this.#ended.take(), endedNs: this.#endedNs.take() },
      intervals: this.#intervals.take(),
      wakes: this.#wakes.take(),
      counts,
      maxAlive: this.#counts.maxAlive,
    };
  }
}

export interface TimelineTables {
  readonly goroutines: GoroutineTable;
  readonly ends: EndTable;
  readonly intervals: IntervalTable;
  readonly wakes: WakeTable;
  readonly counts: CountTable;
  readonly maxAlive: number;
}
