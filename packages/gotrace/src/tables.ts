import type { WallTime } from '@observe/base';
import type { SymbolSegment } from './symbols.ts';

// All times are nanoseconds since the trace's origin: the time of the first batch of its first generation. Rows of goroutines,
// strings, frames and stacks are numbered through the whole trace.

/** No such row. */
export const NONE = -1;
/** A start that lies before the trace, or is lost: −∞. */
export const BEFORE = Number.NEGATIVE_INFINITY;
/** An end that lies behind the trace: +∞. */
export const OPEN = Number.POSITIVE_INFINITY;

/** What a goroutine does; the numbers are Go's own. */
export const GO_STATE = { runnable: 1, running: 2, syscall: 3, waiting: 4 } as const;

/** Bits of `flags` of an interval. */
export const INTERVAL_FLAG = {
  /** The state held before `startNs`: in the interval before, in the segment before, or before the trace. */
  beganEarlier: 1,
  /** The state still held at `endNs`; the goroutine's next interval goes on with it. */
  goesOn: 2,
  /** A later generation told the state again, without its reason: reason and stack are those of the interval before. */
  retold: 4,
} as const;

/** What goroutines did. Sorted by `endNs`; the rows of one goroutine are disjoint, without gaps, and sorted by both. */
export interface IntervalTable {
  readonly length: number;
  readonly goroutine: Int32Array<ArrayBuffer>;
  readonly startNs: Float64Array<ArrayBuffer>;
  readonly endNs: Float64Array<ArrayBuffer>;
  /** One of GO_STATE. */
  readonly state: Uint8Array<ArrayBuffer>;
  /** Row of the trace's reasons: why it waits, or why it stopped running; 0 when unknown. */
  readonly reason: Uint8Array<ArrayBuffer>;
  /** Row of the stacks: where it stands; NONE when unknown, and while it runs. */
  readonly stack: Int32Array<ArrayBuffer>;
  /** Bits of INTERVAL_FLAG. */
  readonly flags: Uint8Array<ArrayBuffer>;
}

/** Goroutines first seen in this segment: created, or older than the trace. Sorted by row: the first is `first`. */
export interface GoroutineTable {
  readonly length: number;
  readonly first: number;
  /** Go's number of the goroutine; never used twice in a process. */
  readonly goid: Float64Array<ArrayBuffer>;
  /** Goroutine that created it; NONE: older than the trace, or made by none (timers, network, cgo). */
  readonly parent: Int32Array<ArrayBuffer>;
  /** Row of the strings: the function it was started with; NONE when older than the trace. */
  readonly startFunc: Int32Array<ArrayBuffer>;
  /** Row of the stacks: where its creator stood. */
  readonly createStack: Int32Array<ArrayBuffer>;
  /** BEFORE when older than the trace. */
  readonly createdNs: Float64Array<ArrayBuffer>;
}

/** Goroutines that ended in this segment; sorted by `endedNs`. Those in no segment's table were alive at the end. */
export interface EndTable {
  readonly length: number;
  readonly goroutine: Int32Array<ArrayBuffer>;
  readonly endedNs: Float64Array<ArrayBuffer>;
}

/** Who made whom runnable; sorted by `atNs`. */
export interface WakeTable {
  readonly length: number;
  readonly atNs: Float64Array<ArrayBuffer>;
  /** Goroutine; NONE: the scheduler (timers, network poller, system monitor). */
  readonly from: Int32Array<ArrayBuffer>;
  readonly to: Int32Array<ArrayBuffer>;
  /** Row of the stacks: where the waker stood. */
  readonly stack: Int32Array<ArrayBuffer>;
  /** How long `to` had waited; OPEN when it waited before the trace began. */
  readonly waitNs: Float64Array<ArrayBuffer>;
}

/**
 * Goroutines alive, by state and reason. One row for each step of `stepNs` in which something changed; between rows nothing
 * does. Sorted.
 */
export interface CountTable {
  readonly length: number;
  readonly stepNs: number;
  /** Begin of the step. */
  readonly atNs: Float64Array<ArrayBuffer>;
  /** The most that were alive at one moment of the step. */
  readonly maxAlive: Int32Array<ArrayBuffer>;
  readonly series: readonly CountSeries[];
}

export interface CountSeries {
  /** One of GO_STATE. */
  readonly state: number;
  /** Row of the reasons; 0 unless waiting. */
  readonly reason: number;
  /** Goroutines at the end of the step. */
  readonly count: Int32Array<ArrayBuffer>;
}

export const RANGE_KIND = { gc: 0, stopTheWorld: 1, sweep: 2, markAssist: 3 } as const;

/** What the runtime did; sorted by `endNs`. */
export interface RangeTable {
  readonly length: number;
  /** One of RANGE_KIND. */
  readonly kind: Uint8Array<ArrayBuffer>;
  /** BEFORE when it began before the trace. */
  readonly startNs: Float64Array<ArrayBuffer>;
  readonly endNs: Float64Array<ArrayBuffer>;
  /** Goroutine in whose time it fell; NONE for the collection itself (`gc`) and for sweeps. */
  readonly goroutine: Int32Array<ArrayBuffer>;
  /** Row of the strings: the kind of a stop of the world; NONE for others. */
  readonly name: Int32Array<ArrayBuffer>;
  /** Row of the stacks: where it began. */
  readonly stack: Int32Array<ArrayBuffer>;
  /** Bytes swept, and bytes of them given back to the heap; 0 but for sweeps. */
  readonly sweptBytes: Float64Array<ArrayBuffer>;
  readonly reclaimedBytes: Float64Array<ArrayBuffer>;
}

export const METRIC_KIND = { heapAllocBytes: 0, heapGoalBytes: 1, gomaxprocs: 2 } as const;

/** Sorted by `atNs`. */
export interface MetricTable {
  readonly length: number;
  readonly atNs: Float64Array<ArrayBuffer>;
  /** One of METRIC_KIND. */
  readonly kind: Uint8Array<ArrayBuffer>;
  readonly value: Float64Array<ArrayBuffer>;
}

/** User tasks (`runtime/trace.NewTask`); sorted by `endNs`. Those without an end are in the end of the trace. */
export interface TaskTable {
  readonly length: number;
  readonly id: Float64Array<ArrayBuffer>;
  /** Id of the parent task; 0: none. */
  readonly parent: Float64Array<ArrayBuffer>;
  /** Row of the strings; NONE when it began before the trace. */
  readonly name: Int32Array<ArrayBuffer>;
  readonly startNs: Float64Array<ArrayBuffer>;
  readonly endNs: Float64Array<ArrayBuffer>;
  /** Goroutine that began it; NONE when that was before the trace. */
  readonly goroutine: Int32Array<ArrayBuffer>;
  readonly startStack: Int32Array<ArrayBuffer>;
  readonly endStack: Int32Array<ArrayBuffer>;
}

/** User regions (`runtime/trace.StartRegion`); sorted by `endNs`; of one goroutine they nest. */
export interface RegionTable {
  readonly length: number;
  readonly goroutine: Int32Array<ArrayBuffer>;
  /** 0: the background task. */
  readonly task: Float64Array<ArrayBuffer>;
  /** Row of the strings. */
  readonly name: Int32Array<ArrayBuffer>;
  readonly startNs: Float64Array<ArrayBuffer>;
  readonly endNs: Float64Array<ArrayBuffer>;
  readonly startStack: Int32Array<ArrayBuffer>;
  readonly endStack: Int32Array<ArrayBuffer>;
}

/** User logs (`runtime/trace.Log`), and labels of the runtime's own workers; sorted by `atNs`. */
export interface LogTable {
  readonly length: number;
  readonly atNs: Float64Array<ArrayBuffer>;
  readonly goroutine: Int32Array<ArrayBuffer>;
  /** 0: the background task. */
  readonly task: Float64Array<ArrayBuffer>;
  /** Row of the strings. */
  readonly category: Int32Array<ArrayBuffer>;
  /** Messages are not interned: each may be its own. */
  readonly message: readonly string[];
  readonly stack: Int32Array<ArrayBuffer>;
}

/** The label of a goroutine of the runtime (workers of the garbage collector). Labels of pprof are in no trace. */
export interface LabelTable {
  readonly length: number;
  readonly atNs: Float64Array<ArrayBuffer>;
  readonly goroutine: Int32Array<ArrayBuffer>;
  /** Row of the strings. */
  readonly label: Int32Array<ArrayBuffer>;
}

/** CPU samples (100 a second and thread while a CPU profile is written, too); sorted by `atNs`. */
export interface SampleTable {
  readonly length: number;
  readonly atNs: Float64Array<ArrayBuffer>;
  /** Go's number of the goroutine; NONE: the runtime. */
  readonly goid: Float64Array<ArrayBuffer>;
  /** Its row; NONE when it was not alive in the trace at that time. */
  readonly goroutine: Int32Array<ArrayBuffer>;
  readonly thread: Float64Array<ArrayBuffer>;
  readonly proc: Float64Array<ArrayBuffer>;
  readonly stack: Int32Array<ArrayBuffer>;
}

/** The three clocks, read together (Go 1.25 and later). */
export interface ClockSnapshot {
  readonly atNs: number;
  /** CLOCK_MONOTONIC, in ns. Not relative, so it may not fit into a number. */
  readonly monoNs: bigint;
  readonly wall: WallTime;
}

/** Data of an experiment of the runtime (GODEBUG), as they came. */
export interface ExperimentalBatch {
  readonly experiment: number;
  readonly thread: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * One generation, read; a large one (half a million intervals) comes in several parts. Nothing refers to it: keep it, transfer
 * it, drop it. A column may be a view of a somewhat larger buffer, which is its own.
 */
export interface Segment {
  /** Go's number of the generation. */
  readonly generation: number;
  /** 0, 1, … within the generation. */
  readonly part: number;
  readonly isLast: boolean;
  /**
   * False: the file was cut inside of it. Its tables then lack names and stacks (they come last), and events at its end.
   * Before Go 1.26 the last generation of a process that was killed may be cut and yet look whole.
   */
  readonly isComplete: boolean;
  /** Bytes from the start of the file, where the generation's first batch begins. */
  readonly offset: number;
  /** Of the generation; 0 for a part that is not its last. */
  readonly byteLength: number;
  readonly startNs: number;
  /** Its last event. */
  readonly endNs: number;
  /** Events with a time that it has. */
  readonly events: number;
  /** Trace clock units a second; 15,625,000 but on Windows. */
  readonly frequencyHz: number;
  /** CLOCK_MONOTONIC at the trace's origin, in ns; undefined on Windows, whose trace clock is another one. */
  readonly originMonoNs: bigint | undefined;
  readonly clock: ClockSnapshot | undefined;
  /** The most goroutines alive at one moment. */
  readonly maxAlive: number;
  /** Every reason known so far; row 0 is empty. */
  readonly reasons: readonly string[];
  readonly symbols: SymbolSegment;
  readonly goroutines: GoroutineTable;
  readonly ends: EndTable;
  readonly intervals: IntervalTable;
  readonly wakes: WakeTable;
  readonly counts: CountTable;
  readonly ranges: RangeTable;
  readonly metrics: MetricTable;
  readonly tasks: TaskTable;
  readonly regions: RegionTable;
  readonly logs: LogTable;
  readonly labels: LabelTable;
  readonly samples: SampleTable;
  readonly experimental: readonly ExperimentalBatch[];
}
