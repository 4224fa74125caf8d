const FIRST_MS = 250;
const LONGEST_MS = 5000;

/** Milliseconds to wait before try `attempt` (0, 1, 2 …): doubling, bounded, and spread so that many pages do not knock at once. */
export const backoffMs = (attempt: number, random: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * (0.75 + random * 0.5);
