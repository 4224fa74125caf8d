import type { CreatedBy, Frame } from './frame.ts';
import type { GoroutineHeader } from './header.ts';

/** Calls, innermost first. */
export interface Stack {
  readonly frames: readonly Frame[];
  readonly createdBy: CreatedBy | undefined;
  /** Go prints 100 frames at most. Absent: all are here. */
  readonly elided: Elided | undefined;
}

/** Frames left out behind the first `afterFrames`; how many, Go says since 1.21. */
export interface Elided {
  readonly afterFrames: number;
  readonly count: number | undefined;
}

export interface Goroutine extends GoroutineHeader, Stack {
  /** The caller's position of its header line. */
  readonly at: number;
  /** It was running on another thread, so Go could not read its stack: `frames` is empty. */
  readonly isStackUnavailable: boolean;
  /** Creator, creator's creator and so on, at the moment of creation; only with GODEBUG=tracebackancestors. */
  readonly ancestors: readonly Ancestor[];
}

export interface Ancestor extends Stack {
  readonly goid: number;
}

/** The goroutines of one dump, in printed order: the one that died first, where one did. */
export interface Dump {
  readonly goroutines: readonly Goroutine[];
  /** `runtime stack:` of a fatal error: the thread's own stack, which belongs to no goroutine. */
  readonly runtimeStack: readonly Frame[] | undefined;
  /** Goroutines seen but not kept: past a limit. */
  readonly droppedGoroutines: number;
}
