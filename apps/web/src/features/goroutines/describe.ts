import { formatNs } from '@observe/base';
import { isRuntime, isStandardLibrary } from '@observe/gostack';
import type { GoroutineGroup, GoroutinesAnswer, ShownFrame, ShownGoroutine } from '@observe/protocol';
import { groupOf, type GoGroup } from '../../canvas/go-groups.ts';
import type { GoLane } from '../../canvas/paint-go-lane.ts';
import { placeOf, shortFunc } from '../../ui/Frames.tsx';
import { GO_GROUP_WORDS, TESTING_WAIT_WORDS } from '../../ui/words.ts';

/** Where a goroutine stands, as a person would name it. */
export interface Place {
  /** The first call outside of the standard library; without one, the first outside of the runtime. `auth.(*Store).Get auth.go:31`. */
  readonly func: string;
  readonly site: string;
  /** What it calls there, when that is the library's: `sync.(*Mutex).Lock`. */
  readonly within: string | undefined;
  /** Nothing of it is the user's. */
  readonly isLibrary: boolean;
}

/** Undefined: the trace has no stack. */
export function placeIn(stack: readonly ShownFrame[] | undefined): Place | undefined {
  if (stack === undefined) return undefined;
  const call = stack.find((frame) => !isRuntime(frame));
  const user = stack.find((frame) => !isStandardLibrary(frame));
  const shown = user ?? call ?? stack[0];
  if (shown === undefined) return undefined;
  return {
    func: shortFunc(shown.func),
    site: placeOf(shown, true),
    within: call === undefined || call === shown ? undefined : shortFunc(call.func),
    isLibrary: user === undefined,
  };
}

type Standing = Pick<GoroutineGroup['standing'][number], 'state' | 'reason' | 'testingWait'>;

export const groupOfStanding = ({ state, reason }: Standing): GoGroup => groupOf(state, reason);

/** `waiting 3.2s`: in one state since then, as far as the traces reach; empty where that is not known. */
export const ageText = (sinceNs: number | null, tipNs: number | null): string =>
  sinceNs === null || tipNs === null ? '' : formatNs(Math.max(0, tipNs - sinceNs));

/** `running`, `waiting: chan receive`, or what package testing waits for. */
export function standingText({ state, reason, testingWait }: Standing): string {
  if (testingWait !== undefined) return TESTING_WAIT_WORDS[testingWait] ?? testingWait;
  if (state !== 'waiting') return `${state}: ${GO_GROUP_WORDS[state].what}`;
  return reason === '' ? 'waiting, Go does not say what for' : `waiting: ${reason}`;
}

/** What began a goroutine. */
export const startText = (startFunc: string | null): string =>
  startFunc === null ? 'older than the trace' : shortFunc(startFunc);

/** What one goroutine is called. Number 1 is the main goroutine of every Go program. */
export const nameOf = ({ goid, isTest, owner, startFunc }: ShownGoroutine): string =>
  isTest && owner.test !== undefined ? owner.test : goid === 1 ? 'main' : startText(startFunc);

/** How long a goroutine was in each group, the longest first: its lane for those who do not see it. */
export function laneText({ startNs, endNs, state, reason }: GoLane): string {
  const sums = new Map<GoGroup, number>();
  startNs.forEach((start, i) => {
    const group = groupOf(state[i] ?? 'waiting', reason[i] ?? '');
    sums.set(group, (sums.get(group) ?? 0) + (endNs[i] ?? start) - start);
  });
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .map(([group, timeNs]) => `${GO_GROUP_WORDS[group].word} ${formatNs(timeNs)}`)
    .join(', ');
}

/** One text a stack, so that stacks of different answers can be compared. */
export const stackKeys = ({ stacks }: Pick<GoroutinesAnswer, 'stacks'>): readonly string[] =>
  stacks.map((stack) => stack.map(({ func, line }) => `${func}:${line}`).join(' '));

/** Names a group across answers, and the group of a goroutine. */
export const groupKey = (
  { startFunc, createdAt }: Pick<GoroutineGroup | ShownGoroutine, 'startFunc' | 'createdAt'>,
  keys: readonly string[],
): string => `${startFunc ?? ''}\n${createdAt === null ? '' : (keys[createdAt] ?? '')}`;

/** Names a place across answers, within its group. */
export const standingKey = (
  { state, reason, stack }: GoroutineGroup['standing'][number],
  keys: readonly string[],
): string => `${state} ${reason} ${stack === null ? '' : (keys[stack] ?? '')}`;

export const goroutineKey = ({ process, goid }: Pick<ShownGoroutine, 'process' | 'goid'>): string =>
  `${process}:${goid}`;

/** Nothing of it is worth a look: package testing waits as it always does, or the library's own goroutines stand around. */
export const isQuiet = (group: GoroutineGroup, stacks: GoroutinesAnswer['stacks']): boolean =>
  group.outlive === 0 &&
  group.alive > 0 &&
  group.standing.every(
    ({ testingWait, stack }) =>
      testingWait !== undefined || (placeIn(stack === null ? undefined : stacks[stack])?.isLibrary ?? true),
  );

/** In the order in which they were seen first; new ones at the end. */
export function inOrder<T>(items: readonly T[], keyOf: (item: T) => string, before: readonly string[]): readonly T[] {
  const rank = new Map(before.map((key, i) => [key, i]));
  return items
    .map((item, i) => ({ item, at: rank.get(keyOf(item)) ?? before.length + i }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
