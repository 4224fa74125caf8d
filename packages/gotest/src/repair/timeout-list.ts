import { defineRepair } from './repair.ts';

const ENTRY = /^\t{1,2}(\S.*?) \((.+)\)\r?\n?$/;

/** The test in one line of the `running tests:` list; Go 1.20–1.22 indent by one tab, 1.23 and later by two. */
export const readRunningTest = (line: string): string | undefined => ENTRY.exec(line)?.[1];

/** The line that begins the list. */
export const isRunningTests = (line: string): boolean => /^\t?running tests:\r?\n?$/.test(line);

/** Recordings: streams/hang-timeout, shop/<go version>/run.jsonl (auth). */
export const timeoutList = defineRepair({
  id: 'misplaced-timeout',
  rule: 'R7',
  what: 'The timeout panic and its list were pinned on the test that printed last: given to the package.',
  issues: [57305, 74323],
  fixedIn: undefined,
});
