import { defineRepair } from './repair.ts';

export const isRaceRule = (line: string): boolean => line.charCodeAt(0) === 0x3d && /^={18}\r?\n?$/.test(line);
export const isRaceWarning = (line: string): boolean => line.startsWith('WARNING: DATA RACE');
/** The one line that says which test a race belongs to. */
export const isRaceMark = (line: string): boolean =>
  line.charCodeAt(0) === 0x20 && /^ +testing\.go:\d+: race detected during execution of test/.test(line);

/** Recording: streams/race. */
export const misplacedRace = defineRepair({
  id: 'misplaced-race',
  rule: 'R21',
  what: 'A race report was pinned on the test that printed last: given to the package.',
  issues: [],
  fixedIn: undefined,
});
