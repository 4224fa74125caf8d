import { defineRepair } from './repair.ts';

/** Recordings: any of them, cut. */
export const streamEnd = defineRepair({
  id: 'stream-ended',
  rule: 'R17',
  what: 'The stream stopped before this ended: closed, so that nothing runs for ever.',
  issues: [],
  fixedIn: undefined,
});
