/** What a profile may hold. Larger ones are answered with a fault. */
export interface Limits {
  /** Bytes, inflated. */
  readonly bytes: number;
  /** Messages and numbers in samples. */
  readonly sampleEntries: number;
  /** Messages and numbers outside of samples: functions, locations, strings. Each is an object while the profile is read. */
  readonly otherEntries: number;
  /** Frames of one stack, innermost first; the rest of the stack is cut, and counted. */
  readonly stackFrames: number;
  /** Frames of all samples together: an inlined call makes several of one address. */
  readonly frames: number;
  /** Different stacks, those of callers included. */
  readonly stacks: number;
}

export const LIMITS: Limits = {
  // The largest that was tried has 10 MB: all allocations of net/http's tests (`-memprofilerate=1`), two runs compared.
  bytes: 128 * 1024 * 1024,
  // That one has 6 million.
  sampleEntries: 16_000_000,
  // That one has 0.1 million; each takes some 100 bytes.
  otherEntries: 4_000_000,
  // Go keeps 128 calls at most, some of which are inlined.
  stackFrames: 1024,
  // That one has 5 million.
  frames: 16_000_000,
  // That one has 0.2 million.
  stacks: 4_000_000,
};
