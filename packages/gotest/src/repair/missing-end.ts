import { defineRepair } from './repair.ts';

/** Recordings: streams/hang-timeout, bgpanic, exit3, interrupt, deadlock-notimeout, panics. */
export const missingEnd = defineRepair({
  id: 'missing-end',
  rule: 'R3',
  what: 'The process died before the test ended: lost, or never started, with the reason that the package gives; not failed.',
  issues: [38382],
  fixedIn: undefined,
});
