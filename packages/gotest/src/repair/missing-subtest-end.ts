import { defineRepair } from './repair.ts';

/** Recording: streams/noeol-v has the like; Go 1.15 and older had it in plain streams. */
export const missingSubtestEnd = defineRepair({
  id: 'missing-subtest-end',
  rule: 'R5',
  what: 'The parent passed and this subtest has no end: it passed.',
  issues: [40771],
  fixedIn: '1.16',
});
