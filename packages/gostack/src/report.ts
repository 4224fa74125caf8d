import type { Dump } from './goroutine.ts';
import type { Frame } from './frame.ts';
import type { Mark } from './mark.ts';
import type { PanicValue, Timeout } from './panic.ts';

/** What a package's text holds besides output: in order of first line. */
export interface Report {
  readonly blocks: readonly Block[];
  readonly marks: readonly Mark[];
  /** Seen but not kept: past a limit. Their lines are claimed by nobody. */
  readonly droppedBlocks: number;
  readonly droppedMarks: number;
}

export type Block = PanicBlock | FatalBlock | SignalBlock | RaceBlock | DumpBlock;

/** Every line that was pushed with a position from `from` to `to`, both included, belongs to the block. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where a block is, in the caller's positions. Lines of others between two ranges are not the block's. */
export interface Extent {
  readonly from: number;
  readonly to: number;
  readonly ranges: readonly Range[];
  /** The lines as they were, joined by newlines: the evidence. */
  readonly text: string;
  /** A limit was passed: text and structure lack something, the ranges do not. */
  readonly isTruncated: boolean;
}

/**
 * `panic: …` that nothing recovered, and the goroutines printed with it. A child process can print one, too: it killed
 * this package only if the package failed.
 */
export interface PanicBlock extends Extent {
  readonly kind: 'panic';
  /** The value that killed: the last of `panics`, without its `[recovered]`. */
  readonly message: string;
  /** Outermost first. More than one: a deferred function panicked again. */
  readonly panics: readonly PanicValue[];
  /** `SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x5438a2`; absent when no signal caused it. */
  readonly signal: string | undefined;
  /** Present when it is `testing`'s alarm. */
  readonly timeout: Timeout | undefined;
  /** Empty when Go was told to print none (GOTRACEBACK=none). */
  readonly dump: Dump;
}

/** `fatal error: …`: the runtime gave up. */
export interface FatalBlock extends Extent {
  readonly kind: 'fatal';
  readonly message: string;
  readonly signal: string | undefined;
  readonly dump: Dump;
}

/** A signal that makes Go dump and exit: SIGQUIT, also SIGABRT, or a crash in C. */
export interface SignalBlock extends Extent {
  readonly kind: 'signal';
  /** `SIGQUIT`, `SIGABRT`; absent when its line is missing. */
  readonly name: string | undefined;
  /** `SIGQUIT: quit` */
  readonly message: string;
  readonly dump: Dump;
}

/** Stacks without a head: printed by the program itself (`debug.Stack`, a recovered panic of net/http). Kills nothing. */
export interface DumpBlock extends Extent {
  readonly kind: 'dump';
  readonly dump: Dump;
}

/** `WARNING: DATA RACE`. Source: LLVM, `tsan_report.cpp` (Go part). */
export interface RaceBlock extends Extent {
  readonly kind: 'race';
  /** The later access first. */
  readonly accesses: readonly RaceAccess[];
  readonly goroutines: readonly RaceGoroutine[];
  /** What was raced on, where Go says it: a heap block or a global variable. */
  readonly location: RaceLocation | undefined;
  /** The closing line was seen. */
  readonly isComplete: boolean;
}

export interface RaceStack {
  /** Innermost first. Race reports show no arguments. */
  readonly frames: readonly Frame[];
  /** False: the detector had forgotten it (GORACE=history_size). */
  readonly isStackRestored: boolean;
}

export interface RaceAccess extends RaceStack {
  readonly kind: 'read' | 'write' | 'atomic read' | 'atomic write';
  readonly isPrevious: boolean;
  /** `0x00c000094178` */
  readonly address: string;
  /** The main goroutine is 1, as in dumps. */
  readonly goid: number;
}

/** How a goroutine of the report came to be; the frames are those of its creator. */
export interface RaceGoroutine extends RaceStack {
  readonly goid: number;
  /** False: it has finished. */
  readonly isRunning: boolean;
}

export interface RaceLocation extends RaceStack {
  /** The line, without its colon: `Heap block of size 8 at 0x… allocated by goroutine 7`. */
  readonly text: string;
}
