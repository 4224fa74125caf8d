import type { WallTime } from '@observe/base';
import {
  BEFORE,
  GO_STATE,
  INTERVAL_FLAG,
  NONE,
  OPEN,
  SymbolTable,
  TotalsTable,
  type Frame,
  type GoroutineTotals,
  type Segment,
} from '@observe/gotrace';

/** Goroutines that were started with the same function. */
export interface StartGroup {
  /** Empty: older than the trace. */
  readonly startFunc: string;
  count: number;
  /** Of these, at the end. */
  alive: number;
  runningNs: number;
  runnableNs: number;
  syscallNs: number;
  waitingNs: number;
}

/** Waits at the same place for the same reason. */
export interface WaitGroup {
  readonly reason: string;
  readonly frames: readonly Frame[];
  readonly count: number;
  /** Of these, at the end of the trace. */
  readonly open: number;
  readonly longestNs: number;
  readonly totalNs: number;
  /** Go's number of the goroutine that waited longest. */
  readonly goid: number;
}

interface Waits {
  reason: number;
  stack: number;
  count: number;
  open: number;
  longestNs: number;
  totalNs: number;
  goroutine: number;
}

/** The waits that are worth a look, and those that are testing's own: for subtests, and for a `-parallel` slot. */
export interface LongestWaits {
  /** The longest first. */
  readonly groups: readonly WaitGroup[];
  readonly testing: { readonly count: number; readonly totalNs: number };
}

/** What `observe trace` tells of one trace. Takes its segments one by one, and holds none. */
export class TraceAccount {
  readonly #totals = new TotalsTable();
  readonly #symbols = new SymbolTable();
  readonly #goids: number[] = [];
  readonly #waits = new Map<string, Waits>();
  /** Waits that go on in the next segment: goroutine → where they began, why and where. */
  readonly #open = new Map<number, { startNs: number; reason: number; stack: number }>();
  /** Key: state × 256 + reason. */
  readonly #spentNs = new Map<number, number>();
  #reasons: readonly string[] = [];
  #rows: readonly GoroutineTotals[] | undefined;
  #endNs = 0;
  created = 0;
  maxAlive = 0;
  generations = 0;
  events = 0;
  /** Generations that are there in part. */
  cut = 0;
  /** Of the first clock snapshot; undefined before Go 1.25. */
  wall: WallTime | undefined;

  add(segment: Segment): void {
    this.#totals.add(segment);
    this.#symbols.add(segment.symbols);
    this.#reasons = segment.reasons;
    this.#endNs = segment.endNs;
    if (segment.part === 0) this.generations++;
    this.events += segment.events;
    if (segment.isLast && !segment.isComplete) this.cut++;
    this.wall ??= segment.clock?.wall;
    const { goroutines, counts, intervals } = segment;
    for (let i = 0; i < goroutines.length; i++) {
      this.#goids.push(goroutines.goid[i] ?? NONE);
      if (goroutines.createdNs[i] !== BEFORE) this.created++;
    }
    for (let i = 0; i < counts.length; i++) this.maxAlive = Math.max(this.maxAlive, counts.maxAlive[i] ?? 0);
    for (let i = 0; i < intervals.length; i++) {
      const state = intervals.state[i] ?? 0;
      const reason = state === GO_STATE.waiting ? (intervals.reason[i] ?? 0) : 0;
      const key = state * 256 + reason;
      const spentNs = (intervals.endNs[i] ?? 0) - (intervals.startNs[i] ?? 0);
      this.#spentNs.set(key, (this.#spentNs.get(key) ?? 0) + spentNs);
      if (state === GO_STATE.waiting) this.#addWait(segment, i);
    }
  }

  /** After the last segment: what still waits has waited until the end. */
  end(): void {
    for (const [goroutine, { startNs, reason, stack }] of this.#open) {
      this.#waited(goroutine, this.#endNs - startNs, reason, stack, true);
    }
    this.#open.clear();
  }

  get goroutines(): number {
    return this.#totals.length;
  }

  get durationNs(): number {
    return this.generations === 0 ? 0 : this.#totals.durationNs;
  }

  rows(): readonly GoroutineTotals[] {
    return (this.#rows ??= this.#totals.rows());
  }

  /** Time of all goroutines together, the most first. A wait keeps its reason in later generations. */
  get spent(): readonly { readonly state: number; readonly reason: string; readonly spentNs: number }[] {
    return [...this.#spentNs]
      .map(([key, spentNs]) => ({ state: key >> 8, reason: this.#reasons[key & 255] ?? '', spentNs }))
      .sort((a, b) => b.spentNs - a.spentNs);
  }

  /** The same as Go's own reader tells it: a wait loses its reason when a new generation begins. */
  get stateNs(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { stateNs } of this.rows()) {
      for (const [state, spentNs] of Object.entries(stateNs)) sums[state] = (sums[state] ?? 0) + spentNs;
    }
    return sums;
  }

  /** The most numerous first. */
  get starts(): readonly StartGroup[] {
    const groups = new Map<string, StartGroup>();
    for (const { startFunc, endedNs, stateNs } of this.rows()) {
      let group = groups.get(startFunc);
      if (group === undefined) {
        group = { startFunc, count: 0, alive: 0, runningNs: 0, runnableNs: 0, syscallNs: 0, waitingNs: 0 };
        groups.set(startFunc, group);
      }
      group.count++;
      if (endedNs === OPEN) group.alive++;
      for (const [state, spentNs] of Object.entries(stateNs)) {
        if (state === 'Running') group.runningNs += spentNs;
        else if (state === 'Runnable') group.runnableNs += spentNs;
        else if (state === 'Syscall') group.syscallNs += spentNs;
        else group.waitingNs += spentNs;
      }
    }
    return [...groups.values()].sort((a, b) => b.count - a.count || b.waitingNs - a.waitingNs);
  }

  /** Without those of the runtime's own goroutines. */
  longestWaits(limit: number): LongestWaits {
    const groups: WaitGroup[] = [];
    const testing = { count: 0, totalNs: 0 };
    for (const { stack, reason, goroutine, ...waits } of [...this.#waits.values()].sort(byLongest)) {
      const frames = this.#symbols.framesOf(stack);
      const own = frames.find(({ func }) => !isRuntime(func));
      if (own === undefined) continue;
      if (own.func.startsWith('testing.')) {
        testing.count += waits.count;
        testing.totalNs += waits.totalNs;
      } else if (groups.length < limit) {
        groups.push({ ...waits, reason: this.#reasons[reason] ?? '', frames, goid: this.#goids[goroutine] ?? NONE });
      }
    }
    return { groups, testing };
  }

  #addWait({ intervals }: Segment, i: number): void {
    const goroutine = intervals.goroutine[i] ?? NONE;
    const flags = intervals.flags[i] ?? 0;
    const before = this.#open.get(goroutine);
    const isMore = before !== undefined && (flags & INTERVAL_FLAG.beganEarlier) !== 0;
    const wait = isMore
      ? before
      : { startNs: intervals.startNs[i] ?? 0, reason: intervals.reason[i] ?? 0, stack: intervals.stack[i] ?? NONE };
    if ((flags & INTERVAL_FLAG.goesOn) !== 0) {
      this.#open.set(goroutine, wait);
      return;
    }
    this.#open.delete(goroutine);
    this.#waited(goroutine, (intervals.endNs[i] ?? 0) - wait.startNs, wait.reason, wait.stack, false);
  }

  #waited(goroutine: number, spentNs: number, reason: number, stack: number, isOpen: boolean): void {
    const key = `${reason} ${stack}`;
    let waits = this.#waits.get(key);
    if (waits === undefined) {
      waits = { reason, stack, count: 0, open: 0, longestNs: -1, totalNs: 0, goroutine };
      this.#waits.set(key, waits);
    }
    waits.count++;
    if (isOpen) waits.open++;
    waits.totalNs += spentNs;
    if (spentNs <= waits.longestNs) return;
    waits.longestNs = spentNs;
    waits.goroutine = goroutine;
  }
}

const byLongest = (a: Waits, b: Waits): number => b.longestNs - a.longestNs;
const isRuntime = (func: string): boolean => func.startsWith('runtime.') || func.startsWith('runtime/');
