import { defineRepair } from './repair.ts';

/**
 * The `pass` event of a parallel test may come seconds late; its `--- PASS` line does not. Only a test without such a
 * line keeps the event's time, and this mark. Recordings: streams/delayed, streams/noeol-v.
 */
export const lateEnd = defineRepair({
  id: 'end-at-most',
  rule: 'R2',
  what: 'No result line was seen: the end is the time of the event, which may be late.',
  issues: [29811],
  fixedIn: undefined,
});
