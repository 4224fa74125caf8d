/** What a program says of itself to its shell. The pipe: 0 passed, 1 failed or lost. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** Our own fault, a wrong call, or nothing to read. */
  problem: 2,
  interrupted: 130,
  terminated: 143,
  hungUp: 129,
} as const;

/** Something the user can do something about. The message says what was wrong, with what value, and what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** What to print of an error: our own words, or the bare message of somebody else's. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
