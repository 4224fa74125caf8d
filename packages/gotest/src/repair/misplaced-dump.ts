import { defineRepair } from './repair.ts';

/** What makes a head believable: the dump that follows it. */
export const isGoroutineHeader = (line: string): boolean => /^goroutine \d+ .*\[/.test(line);

/** Recordings: streams/bgpanic, panics, segv, deadlock-notimeout. See `readHead`. */
export const misplacedDump = defineRepair({
  id: 'misplaced-dump',
  rule: 'R8',
  what: 'Panic text and dump were pinned on the test that printed last: given to the package.',
  issues: [35180, 38382],
  fixedIn: undefined,
});
