import type { RunState } from '@observe/run';
import { defineDetector, type Claim } from './detector.ts';
import type { TracedProcess } from './facts.ts';
import { ownCall, standsIn } from './frames.ts';
import { testEvidence, testRef } from './run-reading.ts';
import { poolOf } from './signatures.ts';
import { framesOf, intervalEvidence, placeOfStack, stackEvidence, testOfOwner } from './trace-reading.ts';
import { TRACE_WORDS } from './trace-words.ts';

/** Pairs of stacks that are shown of one thing. */
const MAX_STACKS = 6;

/** Tests that wake each other in one kind of wait: rows of the cross wakes. */
interface Group {
  readonly call: string;
  readonly rows: number[];
  readonly owners: Set<number>;
}

/** Claims: goroutines of different tests wake each other through one lock, channel or condition; both places. Pools are told apart. */
export const sharedState = defineDetector({
  id: 'shared-state',
  needs: ['run', 'traces'],
  detect: ({ run, traces }) =>
    traces.flatMap((process) => groupsOf(process).map((group) => claimOf(run, process, group))),
});

/** Groups of tests that hang together by wakes of one kind. */
function groupsOf(process: TracedProcess): Group[] {
  const { crossWakes, reasons } = process.trace;
  const groups: Group[] = [];
  for (let row = 0; row < crossWakes.length; row++) {
    const waiting = framesOf(process, crossWakes.waitStack.values[row] as number);
    const reason = reasons[crossWakes.reason.values[row] as number] ?? '';
    const waker = crossWakes.stack.values[row] as number;
    const isLate = crossWakes.late.values[row] === crossWakes.count.values[row];
    // What a library keeps to itself (the lock of package log, a pool) is not the tests' own state.
    const isOwn = isTakenByUser(waiting) && isTakenByUser(framesOf(process, waker));
    if (isLate || !isOwn || poolOf(reason, waiting) !== undefined) continue;
    const call = reason === 'sync' ? (standsIn(waiting)?.func ?? reason) : reason;
    const owners = [crossWakes.from.values[row] as number, crossWakes.to.values[row] as number];
    const same = groups.filter((group) => group.call === call && owners.some((owner) => group.owners.has(owner)));
    const merged: Group = { call, rows: [row], owners: new Set(owners) };
    for (const group of same) {
      merged.rows.push(...group.rows);
      for (const owner of group.owners) merged.owners.add(owner);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(merged);
  }
  return groups;
}

/** Below the calls of package sync stands the user's own. */
function isTakenByUser(frames: ReturnType<typeof framesOf>): boolean {
  const call = standsIn(frames);
  const taker = frames
    .slice(call === undefined ? 0 : frames.indexOf(call))
    .find(({ func }) => !func.startsWith('sync.'));
  return taker !== undefined && ownCall([taker]) !== undefined;
}

function claimOf(run: RunState, process: TracedProcess, { call, rows, owners }: Group): Claim {
  const { crossWakes } = process.trace;
  const sum = (column: { readonly values: ArrayLike<number> }): number =>
    rows.reduce((total, row) => total + (column.values[row] as number), 0);
  const tests = [...owners].flatMap((owner) => testOfOwner(run, process, owner) ?? []).sort((a, b) => a.row - b.row);
  const byCount = [...rows].sort(
    (a, b) => (crossWakes.count.values[b] as number) - (crossWakes.count.values[a] as number),
  );
  const [top = 0] = byCount;
  const stackOf = (row: number): number => crossWakes.stack.values[row] as number;
  const waitOf = (row: number): number => crossWakes.waitStack.values[row] as number;
  return {
    severity: 'warning',
    confidence: 'certain',
    words: TRACE_WORDS.sharedState({
      tests: tests.map(({ name }) => name),
      call,
      wakes: sum(crossWakes.count),
      waitNs: sum(crossWakes.waitNs),
      waker: placeOfStack(process, stackOf(top)),
      waiter: placeOfStack(process, waitOf(top)),
    }),
    tests: tests.map((test) => testRef(run, test)),
    site: call,
    evidence: [
      ...tests.map((test) => testEvidence(run, test, 'shares it')),
      intervalEvidence(
        process,
        Math.min(...rows.map((row) => crossWakes.firstNs.values[row] as number)),
        Math.max(...rows.map((row) => crossWakes.lastNs.values[row] as number)),
        'woke each other',
      ),
      ...byCount
        .slice(0, MAX_STACKS)
        .flatMap((row) => [
          ...stackEvidence(process, stackOf(row), 'who woke'),
          ...stackEvidence(process, waitOf(row), 'who waited'),
        ]),
    ],
  };
}
