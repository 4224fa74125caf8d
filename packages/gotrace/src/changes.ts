import type { ClockSnapshot, ExperimentalBatch } from './tables.ts';

/**
 * What events change, in their order: the seam between reading bytes and writing tables. Each happens at `lastNs`: as an argument of a
 * function that is not inlined, a time would be an object of its own. Goroutines are slots; reasons, strings and stacks are ids of the
 * generation.
 */
export interface Changes {
  /** Time of the last event; no event is earlier than the one before. */
  readonly lastNs: number;
  /** Events of this generation so far, since the tables were last taken. */
  events: number;
  /** The tables are long enough to be handed over, in the middle of a generation; `cut` does that. */
  readonly isFull: boolean;
  cut(): void;
  /** Clocks of threads disagree a little; order rules. An event takes its own time or the next free nanosecond, as in Go's reader. */
  tick(timeNs: number): number;
  /** Somebody made it, or nobody (creator NONE). `startStack`: of one frame, the function it was started with; 0: not known. */
  create(slot: number, goid: number, state: number, creator: number, startStack: number, stack: number): void;
  /** It is older than the trace, or what made it was lost. */
  discover(slot: number, goid: number, state: number, stack: number): void;
  move(slot: number, state: number, reason: number, stack: number): void;
  /** Its system call is over, and it has no P: it is runnable, and stands where it stood. */
  release(slot: number): void;
  /** A goroutine that waits becomes runnable; `from`: who did it, NONE: nobody. `stack`: where that one stood. */
  wake(slot: number, from: number, stack: number): void;
  /** A later generation says what we know. */
  retell(slot: number, stack: number): void;
  destroy(slot: number): void;
  /** A collection: an event 28 – 30. */
  gc(type: number, stack: number): void;
  /** Any other event, as it came. `proc`: a number of `Procs`. */
  other(type: number, slot: number, proc: number, a0: number, a1: number, a2: number, a3: number): void;
  sample(slot: number, goid: number, thread: number, proc: number, stack: number): void;
}

/** A generation, before its changes. */
export interface GenerationHead {
  readonly number: number;
  readonly offset: number;
  readonly frequencyHz: number;
  /** See Segment. */
  readonly originMonoNs: bigint | undefined;
  readonly clock: ClockSnapshot | undefined;
  /** Nothing of it is missing, so far as its batches tell. */
  readonly isWhole: boolean;
  /** Bytes of the mark at its end. */
  readonly markBytes: number;
  readonly startNs: number;
}

/** Where the strings and stacks of a generation are written. */
export interface TableSource {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly strings: readonly TableBatch[];
  readonly stacks: readonly TableBatch[];
}

/** From `start` to `end` in the bytes; in the file at `fileOffset`. */
export interface TableBatch {
  readonly start: number;
  readonly end: number;
  readonly fileOffset: number;
}

/** Takes changes, generation by generation. */
export interface ChangeSink extends Changes {
  begin(head: GenerationHead, source: TableSource): void;
  end(endOffset: number, experimental: readonly ExperimentalBatch[]): void;
}
