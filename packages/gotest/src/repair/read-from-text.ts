import { defineRepair } from './repair.ts';

/** Recording: streams/noeol-v. See `readMidlineFrame`. */
export const readFromText = defineRepair({
  id: 'read-from-text',
  rule: 'R6',
  what: 'The result stands in the middle of a printed line, where test2json missed it: taken from the text.',
  issues: [81599, 47032, 49630, 57172],
  fixedIn: undefined,
});
