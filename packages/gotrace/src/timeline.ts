import { F64Column, I32Column } from './columns.ts';
import type { Changes } from './changes.ts';
import { CountBuilder } from './count-builder.ts';
import { SampleBuilder } from './event-tables.ts';
import type { GenerationTables } from './generation-tables.ts';
import { IntervalBuilder, WakeBuilder } from './interval-builder.ts';
import { OpenIntervals } from './open-intervals.ts';
import { RuntimeEvents, type RuntimeTables } from './runtime-events.ts';
import {
  BEFORE,
  GO_STATE,
  INTERVAL_FLAG,
  NONE,
  type CountTable,
  type EndTable,
  type GoroutineTable,
  type IntervalTable,
  type SampleTable,
  type WakeTable,
} from './tables.ts';

const { waiting, runnable, running } = GO_STATE;
const { beganEarlier, goesOn, retold } = INTERVAL_FLAG;

/** Least rows of a full table, for each goroutine that is alive. */
const ROWS_PER_GOROUTINE = 8;

/** Turns changes into the tables of one segment after the other. */
export class Timeline implements Omit<Changes, 'cut'> {
  /** The first event is at 0. */
  lastNs = -1;
  events = 0;
  readonly runtime: RuntimeEvents;
  readonly #open = new OpenIntervals();
  readonly #tables: GenerationTables;
  readonly #intervals: IntervalBuilder;
  readonly #segmentIntervals: number;
  #fullRows = 0;
  readonly #wakes = new WakeBuilder();
  readonly #counts = new CountBuilder();
  readonly #samples = new SampleBuilder();
  /** Rows given so far, in all segments. */
  #rows = 0;
  readonly #goid = new F64Column();
  readonly #parent = new I32Column();
  readonly #startFunc = new I32Column();
  readonly #createStack = new I32Column();
  readonly #createdNs = new F64Column();
  readonly #ended = new I32Column();
  readonly #endedNs = new F64Column();

  constructor(tables: GenerationTables, segmentIntervals: number, openAnnotations: number) {
    this.#tables = tables;
    this.#segmentIntervals = segmentIntervals;
    this.#intervals = new IntervalBuilder(segmentIntervals);
    this.runtime = new RuntimeEvents(tables, this.#open, openAnnotations);
  }

  tick(timeNs: number): number {
    this.lastNs = timeNs > this.lastNs ? timeNs : this.lastNs + 1;
    return this.lastNs;
  }

  /** A segment begins. */
  beginSegment(): void {
    this.events = 0;
    this.#counts.begin(this.lastNs);
    // What is open is written once more at the end of a table, so many goroutines need long tables.
    this.#fullRows = Math.max(this.#segmentIntervals, this.#open.count * ROWS_PER_GOROUTINE);
  }

  get isFull(): boolean {
    return this.#intervals.length >= this.#fullRows;
  }

  create(slot: number, goid: number, state: number, creator: number, startStack: number, stack: number): void {
    const start = this.#tables.stack(startStack);
    this.#goid.push(goid);
    this.#parent.push(creator === NONE ? NONE : (this.#open.row[creator] as number));
    this.#startFunc.push(start === NONE ? NONE : this.#tables.startFunc(start));
    this.#createStack.push(this.#tables.stack(stack));
    this.#createdNs.push(this.lastNs);
    this.#begin(slot, state);
  }

  discover(slot: number, goid: number, state: number, stack: number): void {
    this.#goid.push(goid);
    this.#parent.push(NONE);
    this.#startFunc.push(NONE);
    this.#createStack.push(NONE);
    this.#createdNs.push(BEFORE);
    this.#begin(slot, state);
    const place = this.#tables.stack(stack);
    const open = this.#open;
    open.stack[slot] = state === running ? NONE : place;
    open.flags[slot] = beganEarlier;
    open.beganNs[slot] = BEFORE;
  }

  move(slot: number, state: number, reason: number, stack: number): void {
    this.#move(slot, state, this.#tables.strings.reason(reason), this.#tables.stack(stack));
  }

  release(slot: number): void {
    this.#move(slot, runnable, 0, this.#open.stack[slot] as number);
  }

  /** Where the one that is woken stands does not change. */
  wake(slot: number, from: number, stack: number): void {
    const open = this.#open;
    const atNs = this.lastNs;
    const waitNs = atNs - (open.beganNs[slot] as number);
    const waker = from === NONE ? NONE : (open.row[from] as number);
    this.#wakes.add(atNs, waker, open.row[slot] as number, this.#tables.stack(stack), waitNs);
    this.#move(slot, runnable, 0, open.stack[slot] as number);
  }

  /** Go's reader forgets the reason of a wait here, so the place is marked. */
  retell(slot: number, stack: number): void {
    const open = this.#open;
    const atNs = this.lastNs;
    const flags = open.flags[slot] as number;
    const place = this.#tables.stack(stack);
    if (open.state[slot] !== waiting || (flags & retold) !== 0) return;
    this.#intervals.add(
      open.row[slot] as number,
      open.sinceNs[slot] as number,
      atNs,
      waiting,
      open.reason[slot] as number,
      open.stack[slot] as number,
      flags | goesOn,
    );
    open.flags[slot] = beganEarlier | retold;
    open.sinceNs[slot] = atNs;
    if (open.stack[slot] === NONE) open.stack[slot] = place;
  }

  destroy(slot: number): void {
    const row = this.#open.row[slot] as number;
    this.runtime.leave(slot, this.lastNs);
    this.#move(slot, 0, 0, NONE);
    this.#ended.push(row);
    this.#endedNs.push(this.lastNs);
    this.#open.remove(slot);
  }

  gc(type: number, stack: number): void {
    this.runtime.gc(type, this.lastNs, stack);
  }

  other(type: number, slot: number, proc: number, a0: number, a1: number, a2: number, a3: number): void {
    this.runtime.apply(type, this.lastNs, slot, proc, a0, a1, a2, a3);
  }

  sample(slot: number, goid: number, thread: number, proc: number, stack: number): void {
    const row = slot === NONE ? NONE : (this.#open.row[slot] as number);
    this.#samples.add(this.lastNs, goid, row, thread, proc, this.#tables.stack(stack));
  }

  /** Cuts every open interval: a segment holds all that happened in its time, and nothing else. */
  take(): TimelineTables {
    const open = this.#open;
    const endNs = this.lastNs;
    for (let slot = 0; slot < open.count; slot++) {
      if (open.row[slot] === NONE) continue;
      const flags = open.flags[slot] as number;
      this.#intervals.add(
        open.row[slot] as number,
        open.sinceNs[slot] as number,
        endNs,
        open.state[slot] as number,
        open.reason[slot] as number,
        open.stack[slot] as number,
        flags | goesOn,
      );
      open.sinceNs[slot] = endNs;
      open.flags[slot] = flags | beganEarlier;
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
      ...this.runtime.take(),
      samples: this.#samples.take(),
    };
  }

  #begin(slot: number, state: number): void {
    const atNs = this.lastNs;
    this.#open.add(slot, this.#rows++, state, atNs);
    if (atNs >= this.#counts.stepEndNs) this.#counts.flush(atNs);
    this.#counts.move(0, 0, state, 0);
  }

  /** Ends the open interval, begins the next. */
  #move(slot: number, state: number, reason: number, stack: number): void {
    const open = this.#open;
    const atNs = this.lastNs;
    const from = open.state[slot] as number;
    const fromReason = open.reason[slot] as number;
    this.#intervals.add(
      open.row[slot] as number,
      open.sinceNs[slot] as number,
      atNs,
      from,
      fromReason,
      open.stack[slot] as number,
      open.flags[slot] as number,
    );
    if (atNs >= this.#counts.stepEndNs) this.#counts.flush(atNs);
    this.#counts.move(from, fromReason, state, reason);
    open.state[slot] = state;
    open.reason[slot] = reason;
    open.stack[slot] = stack;
    open.flags[slot] = 0;
    open.sinceNs[slot] = atNs;
    open.beganNs[slot] = atNs;
  }
}

export interface TimelineTables extends RuntimeTables {
  readonly goroutines: GoroutineTable;
  readonly ends: EndTable;
  readonly intervals: IntervalTable;
  readonly wakes: WakeTable;
  readonly counts: CountTable;
  readonly samples: SampleTable;
  readonly maxAlive: number;
}
