import { rowAt } from '@observe/base';
import { NONE, OPEN } from '@observe/gotrace';
import type { Evidence, FindingTest } from '@observe/protocol';
import { OWNER, runNsOf, traceNsOf, type RunState, type TestState } from '@observe/run';
import type { TracedProcess } from './facts.ts';
import { ownCall, placeOf, shownFrames, type Call } from './frames.ts';
import { packageName, testRef } from './run-reading.ts';

/** What several detectors ask of a traced process. Rows of goroutines, owners and stacks are the trace's, times too. */

/** A trace tells of a moment about so late: it is written once a second, and has to be shipped and read. */
const LAG_NS = 5e9;

export const framesOf = ({ trace }: TracedProcess, stack: number): readonly Call[] => trace.symbols.framesOf(stack);

export const startFuncOf = ({ trace }: TracedProcess, row: number): string =>
  trace.symbols.string(trace.goroutines.startFunc.values[row] ?? NONE);

/** Go's reason of a goroutine's wait; empty when it does not wait. */
export function waitReasonOf({ trace }: TracedProcess, row: number): string {
  const { goroutines, reasons } = trace;
  return goroutines.isWaiting(row) ? (reasons[goroutines.reason.values[row] ?? 0] ?? '') : '';
}

/** It waits inside of package testing, which is never to be blamed. */
export const isInTesting = ({ trace }: TracedProcess, row: number): boolean =>
  trace.goroutines.isWaiting(row) && trace.facts.testWaitOf(trace.goroutines.stack.values[row] ?? NONE) !== 0;

/** Rows of owners that are tests, with the test of the stream where there is one. */
export function* testOwners(
  run: RunState,
  { trace, pairs }: TracedProcess,
): Generator<readonly [owner: number, test: TestState | undefined]> {
  for (let owner = OWNER.unknown + 1; owner < trace.owners.length; owner++) {
    yield [owner, rowAt(run.tests, pairs.testOf(owner))];
  }
}

export const testOfOwner = (run: RunState, { pairs }: TracedProcess, owner: number): TestState | undefined =>
  rowAt(run.tests, pairs.testOf(owner));

export const testsOfOwners = (run: RunState, process: TracedProcess, owners: Iterable<number>): FindingTest[] =>
  [...owners].flatMap((owner) => {
    const test = testOfOwner(run, process, owner);
    return test === undefined ? [] : [testRef(run, test)];
  });

/** The top-level owner above one, or itself. */
export function topOwner({ trace }: TracedProcess, owner: number): number {
  let top = owner;
  for (let above = owner; above > OWNER.unknown; above = trace.owners.parent.values[above] ?? NONE) top = above;
  return top;
}

/** Now, on the trace's clock. How it stands at its end holds a while longer; what lags further behind tells of its end only. */
export function nowOf({ trace, alignment }: TracedProcess, nowNs: number | undefined): number {
  const { endNs } = trace.extent;
  const now = nowNs === undefined ? undefined : traceNsOf(alignment, nowNs);
  return now === undefined || now < endNs || now > endNs + LAG_NS ? endNs : now;
}

export function goroutineEvidence(run: RunState, process: TracedProcess, row: number, words: string): Evidence {
  const goid = process.trace.goroutines.goid.values[row] ?? 0;
  return { kind: 'goroutine', package: packageName(run, process.package), process: process.process, goid, words };
}

export const stackEvidence = (process: TracedProcess, stack: number, words: string): Evidence[] =>
  stack === NONE ? [] : [{ kind: 'stack', words, frames: shownFrames(framesOf(process, stack)) }];

export const intervalEvidence = (
  { alignment }: TracedProcess,
  fromNs: number,
  toNs: number,
  words: string,
): Evidence => ({
  kind: 'interval',
  words,
  fromNs: Number.isFinite(fromNs) ? (runNsOf(alignment, fromNs) ?? null) : null,
  toNs: toNs === OPEN ? null : (runNsOf(alignment, toNs) ?? null),
});

/** Where a goroutine stands: the user's own call. */
export const placeOfStack = (process: TracedProcess, stack: number): string =>
  placeOf(ownCall(framesOf(process, stack)));

/** The function of the user's own call; empty: there is none. */
export const ownFunc = (process: TracedProcess, stack: number): string => ownCall(framesOf(process, stack))?.func ?? '';
