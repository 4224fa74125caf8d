import { defineRepair } from './repair.ts';

/** `ok  \tpkg\t(cached)`, with coverage or other remarks behind it. */
export const isCachedLine = (line: string): boolean => /^ok {2}\t[^\t]+\t\(cached\)/.test(line);

/** Recording: streams/cached1. */
export const cachedReplay = defineRepair({
  id: 'cached-replay',
  rule: 'R12',
  what: 'A cached result is replayed: its times are those of the replay, durations are Go’s own of the earlier run.',
  issues: [],
  fixedIn: undefined,
});
