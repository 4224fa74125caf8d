import { defineRepair } from './repair.ts';

/** Recordings: streams/noeol-v, streams/longs. */
export const missingRun = defineRepair({
  id: 'missing-run',
  rule: 'R1',
  what: 'An event names a test that has no `run`: the test is made, its start is unknown.',
  issues: [72924, 81599],
  fixedIn: undefined,
});
