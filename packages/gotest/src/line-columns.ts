/**
 * What a line says, as far as it alone tells. `other`: its event has to be read. `step` and `passed` to `skipped`: output
 * that is a frame of the test that printed it; `plain`: output that says nothing of any test, nor of a dying process.
 */
export const KIND = {
  other: 0,
  run: 1,
  pause: 2,
  cont: 3,
  pass: 4,
  fail: 5,
  skip: 6,
  step: 7,
  passed: 8,
  failed: 9,
  skipped: 10,
  plain: 11,
} as const;

/** Bits of `flags`: the output ends in a newline; Go 1.27 wrote a type of the output; that type is `frame`. */
export const FLAG = { endsLine: 1, hasOutputType: 2, isFrame: 4 } as const;

/** Lines in columns. Of a line of kind `other`, only `ends` says something, and `names` if it is not -1. */
export interface LineColumns {
  /** See KIND. */
  readonly kinds: Uint8Array;
  /** See FLAG. */
  readonly flags: Uint8Array;
  /** Package and test, as a number that is the same in all lines of one reader; -1: not told. */
  readonly names: Int32Array;
  /** Where the line's newline is, in the bytes that were read. The next line begins after it. */
  readonly ends: Int32Array;
  /** When: seconds since 1970 … */
  readonly seconds: Float64Array;
  /** … and nanoseconds within that second. */
  readonly nanos: Int32Array;
  /** Elapsed in seconds, of an end or its frame; NaN: absent. */
  readonly elapsed: Float64Array;
  /** UTF-16 code units of an output, its newline included. Of a `run`: bytes of the test's name, which ends 2 before `ends`. */
  readonly sizes: Int32Array;
}

export const newLineColumns = (lines: number): LineColumns => ({
  kinds: new Uint8Array(lines),
  flags: new Uint8Array(lines),
  names: new Int32Array(lines),
  ends: new Int32Array(lines),
  seconds: new Float64Array(lines),
  nanos: new Int32Array(lines),
  elapsed: new Float64Array(lines),
  sizes: new Int32Array(lines),
});
