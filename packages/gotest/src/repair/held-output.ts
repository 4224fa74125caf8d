import { defineRepair } from './repair.ts';

export const isIoIncomplete = (line: string): boolean => line.startsWith('*** Test I/O incomplete ');

/** No recording yet: a leaked child process that keeps stdout open. */
export const heldOutput = defineRepair({
  id: 'held-output',
  rule: 'R18',
  what: 'A child process held stdout open after the tests had ended: the package failed, its tests keep their results.',
  issues: [],
  fixedIn: undefined,
});
