import { isTestName } from '../frame.ts';
import { defineRepair } from './repair.ts';

/** No test of Go can have this name, so a print forged the frame. */
export const isForgedName = (name: string): boolean => !isTestName(name);

/** Recording: streams/noeol (a printed U+0016 forges a `run` of “Fake”). */
export const forgedFrame = defineRepair({
  id: 'forged-frame',
  rule: 'R14',
  what: 'No test can have this name: printed text was taken for a frame.',
  issues: [81599],
  fixedIn: undefined,
});
