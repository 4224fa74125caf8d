/** What a profile may hold. Larger ones are answered with a fault. */
export interface Limits {
  /** Bytes, inflated. */
  readonly bytes: number;
  /** Messages and numbers in the file: each becomes an object or a slot of an array while it is read. */
  readonly entries: number;
  /** Frames of one stack, innermost first; the rest of the stack is cut, and counted. */
  readonly stackFrames: number;
  /** Frames of all samples together: an inlined call makes several of one address. */
  readonly frames: number;
}

export const LIMITS: Limits = {
  // A profile of 20,000 samples has 2.5 MB.
  bytes: 128 * 1024 * 1024,
  // The same profile has 0.7 million, and needs some 100 bytes for each while it is read.
  entries: 4_000_000,
  // Go keeps 128 calls at most, some of which are inlined.
  stackFrames: 1024,
  // 200,000 samples of 40 frames; about a second.
  frames: 8_000_000,
};
