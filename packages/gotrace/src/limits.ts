/** What one reader may hold. Input beyond it is dropped, and a fault says so. */
export interface Limits {
  /** Bytes of one generation. The reader holds one at a time. */
  readonly generationBytes: number;
  /** Intervals after which a generation is given in parts. */
  readonly segmentIntervals: number;
  /** Faults kept; further ones are counted. */
  readonly faults: number;
  /** User tasks and user regions that are open at one time; each. */
  readonly openAnnotations: number;
  /** Threads that may be looked at for want of an event whose turn it is, for each event of a generation. */
  readonly looksPerEvent: number;
}

export const LIMITS: Limits = {
  // The runtime ends a generation after about a second. The busiest one measured (ping-pong on 2 cores) has 78 MB; a machine
  // with 32 of them has some hundred.
  generationBytes: 1024 * 1024 * 1024,
  // 15 MB of intervals. One second of a usual suite has some ten thousand; a machine that does nothing but switch goroutines has a
  // dozen million, which would be needed twice while their arrays grow.
  segmentIntervals: 1 << 19,
  // The first tells where it broke; the hundredth tells nothing more.
  faults: 100,
  // A task that is never ended leaks in the traced program, too.
  openAnnotations: 1_000_000,
  // Recorded traces need less than one; one with a thousand threads may need some hundred. Past this, time alone gives the order,
  // so that a forged trace costs linear time.
  looksPerEvent: 256,
};

/** Go's own bounds (`internal/trace/tracev2`): what is larger is no trace. */
export const MAX_BATCH_BYTES = 64 * 1024;
export const MAX_STRING_BYTES = 1024;
export const MAX_FRAMES = 128;
