import {
  CountPyramid,
  GO_STATE,
  INTERVAL_FLAG,
  METRIC_KIND,
  RANGE_KIND,
  SymbolTable,
  type ClockSnapshot,
  type Segment,
} from '@observe/gotrace';
import { AccountTable } from './account-table.ts';
import { Announcements } from './announcements.ts';
import { CrossWakes } from './cross-wakes.ts';
import { GoroutineRows } from './goroutine-rows.ts';
import { KeptSegments } from './kept-segments.ts';
import { OWNER } from './owner-kind.ts';
import { OwnerTable } from './owner-table.ts';
import { PrintLog } from './print-log.ts';
import { RangeLog } from './range-log.ts';
import { StackFacts } from './stack-facts.ts';
import { StepSeries } from './step-series.ts';
import { WaitReasons } from './wait-reasons.ts';

/** Bytes of intervals that are kept when nothing else is said. */
const BUDGET_BYTES = 256 * 2 ** 20;

/** What is known of the trace's file so far. */
export interface TraceExtent {
  /** Generations seen, the last of them perhaps not yet whole. */
  readonly generations: number;
  /** Those of which the file had only a part. */
  readonly incomplete: number;
  /** The last event; what is said to be open was so then. */
  readonly endNs: number;
  readonly events: number;
  readonly maxAlive: number;
}

/**
 * One traced process, grown by the segments of its trace. Each is looked at once; what is kept of it are rows of goroutines and owners,
 * sums, and the newest intervals. Times are nanoseconds since the trace's origin.
 */
export class ProcessTrace {
  readonly symbols = new SymbolTable();
  readonly facts = new StackFacts(this.symbols);
  readonly goroutines = new GoroutineRows();
  readonly owners = new OwnerTable(this.goroutines, this.symbols, this.facts);
  readonly #waits = new WaitReasons(this.facts);
  readonly accounts = new AccountTable(this.owners, this.goroutines, this.#waits);
  readonly crossWakes = new CrossWakes(this.owners, this.goroutines, this.facts, this.#waits);
  readonly prints = new PrintLog();
  readonly counts = new CountPyramid();
  readonly heapAllocBytes = new StepSeries();
  readonly heapGoalBytes = new StepSeries();
  readonly gomaxprocs = new StepSeries();
  readonly collections = new RangeLog();
  readonly stops = new RangeLog();
  readonly kept: KeptSegments;
  /** CLOCK_MONOTONIC at the trace's origin, in ns; undefined before the first segment, and on Windows. */
  originMonoNs: bigint | undefined;
  readonly #announcements = new Announcements(this.owners, this.goroutines, this.facts);
  #reasons: readonly string[] = [''];
  /** One a generation, in their order; none before Go 1.25. */
  readonly #clocks: ClockSnapshot[] = [];
  #clockGeneration = -1;
  #generation = -1;
  #extent: TraceExtent = { generations: 0, incomplete: 0, endNs: 0, events: 0, maxAlive: 0 };

  /** `budgetBytes`: of intervals that are kept. The oldest go first. */
  constructor({ budgetBytes = BUDGET_BYTES }: { readonly budgetBytes?: number } = {}) {
    this.kept = new KeptSegments(budgetBytes);
  }

  /** Takes the next segment. They come in their order, none is left out. */
  add(segment: Segment): void {
    this.symbols.add(segment.symbols);
    this.#reasons = segment.reasons;
    this.originMonoNs ??= segment.originMonoNs;
    this.#waits.learn(segment.reasons);
    this.#addGoroutines(segment);
    this.accounts.grow();
    this.#addIntervals(segment);
    this.accounts.addLives(segment);
    this.#addEnds(segment);
    this.crossWakes.add(segment);
    this.accounts.addRuntime(segment);
    this.#addRuntime(segment);
    this.counts.add(segment);
    this.kept.add(segment);
    this.#addExtent(segment);
  }

  /** Every reason so far, by row; row 0: none. */
  get reasons(): readonly string[] {
    return this.#reasons;
  }

  get clocks(): readonly ClockSnapshot[] {
    return this.#clocks;
  }

  get extent(): TraceExtent {
    return this.#extent;
  }

  #addGoroutines({ goroutines }: Segment): void {
    const first = this.owners.length;
    for (let i = 0; i < goroutines.length; i++) {
      this.goroutines.push(goroutines, i);
      this.owners.adopt(goroutines.first + i);
    }
    this.#announcements.begin(first);
  }

  #addIntervals({ intervals }: Segment): void {
    const firstPrint = this.prints.length;
    const { length, goroutine, startNs, endNs, state, reason, stack } = intervals;
    for (let i = 0; i < length; i++) {
      const row = goroutine[i] as number;
      const sinceNs = this.goroutines.move(intervals, i);
      const fromNs = startNs[i] as number;
      this.owners.see(row, stack[i] as number, fromNs);
      this.accounts.spend(
        row,
        state[i] as number,
        reason[i] as number,
        stack[i] as number,
        (endNs[i] as number) - fromNs,
      );
      if (state[i] === GO_STATE.syscall) this.#addSyscall(intervals, i, sinceNs);
    }
    this.prints.sort(firstPrint);
  }

  #addSyscall({ goroutine, stack, flags }: Segment['intervals'], i: number, sinceNs: number): void {
    const row = goroutine[i] as number;
    this.#announcements.see(row, stack[i] as number, sinceNs);
    const isNew = ((flags[i] as number) & INTERVAL_FLAG.beganEarlier) === 0;
    const at = stack[i] as number;
    if (!isNew || this.goroutines.owner.values[row] === OWNER.runtime || !this.facts.isPrint(at)) return;
    this.prints.push(sinceNs, row, this.facts.userFuncOf(at), this.facts.isSurePrint(at));
  }

  #addEnds({ ends }: Segment): void {
    for (let i = 0; i < ends.length; i++) {
      const row = ends.goroutine[i] as number;
      const endedNs = ends.endedNs[i] as number;
      this.goroutines.end(row, endedNs);
      this.owners.end(row, endedNs);
    }
  }

  #addRuntime({ ranges, metrics, clock, generation }: Segment): void {
    for (let i = 0; i < ranges.length; i++) {
      const kind = ranges.kind[i] as number;
      const log = kind === RANGE_KIND.gc ? this.collections : kind === RANGE_KIND.stopTheWorld ? this.stops : undefined;
      log?.push(ranges.startNs[i] as number, ranges.endNs[i] as number, ranges.name[i] as number);
    }
    for (let i = 0; i < metrics.length; i++) {
      this.#series(metrics.kind[i] as number)?.push(metrics.atNs[i] as number, metrics.value[i] as number);
    }
    if (clock !== undefined && generation !== this.#clockGeneration) {
      this.#clocks.push(clock);
      this.#clockGeneration = generation;
    }
  }

  #series(kind: number): StepSeries | undefined {
    switch (kind) {
      case METRIC_KIND.heapAllocBytes:
        return this.heapAllocBytes;
      case METRIC_KIND.heapGoalBytes:
        return this.heapGoalBytes;
      case METRIC_KIND.gomaxprocs:
        return this.gomaxprocs;
      default:
        return undefined;
    }
  }

  #addExtent(segment: Segment): void {
    const { generations, incomplete, events, maxAlive } = this.#extent;
    const isNew = segment.generation !== this.#generation;
    this.#generation = segment.generation;
    this.#extent = {
      generations: generations + (isNew ? 1 : 0),
      incomplete: incomplete + (segment.isLast && !segment.isComplete ? 1 : 0),
      endNs: segment.endNs,
      events: events + segment.events,
      maxAlive: Math.max(maxAlive, segment.maxAlive),
    };
  }
}
