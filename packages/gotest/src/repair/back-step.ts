import { defineRepair } from './repair.ts';

/** Within one package the order of lines is the truth. */
export const backStep = defineRepair({
  id: 'time-stepped-back',
  rule: 'R20',
  what: 'Time went backwards within the package: the order of lines is kept, the time is held.',
  issues: [],
  fixedIn: undefined,
});
