import { rowAt } from '@observe/base';
import { NONE } from '@observe/gotrace';
import type { ShownFrame, StateNs, TestGoroutines } from '@observe/protocol';
import type { ProcessTrace, RunState, TimeShare } from '@observe/run';
import { goStateName } from './go-states.ts';
import type { TracedProcess } from './traced-process.ts';

/** Others that are told of one test. */
const MAX_WOKEN_BY = 20;

/** What the goroutines of each paired test did, by the test's row. */
export function askTests(run: RunState, processes: readonly TracedProcess[]): ReadonlyMap<number, TestGoroutines> {
  const tests = new Map<number, TestGoroutines>();
  for (const process of processes) {
    const wakes = wakesByOwner(process);
    for (let owner = 0; owner < process.trace.owners.length; owner++) {
      const row = process.pairs?.testOf(owner) ?? NONE;
      if (row !== NONE) tests.set(row, accountOf(run, process, owner, wakes));
    }
  }
  return tests;
}

/** What the goroutines of one owner did. */
export function accountOf(
  run: RunState,
  process: TracedProcess,
  owner: number,
  wakes = wakesByOwner(process),
): TestGoroutines {
  const { accounts, reasons } = process.trace;
  const runner = accounts.timesOf(owner, 'runner');
  const wokenBy = wokenByOf(run, process, wakes.get(owner) ?? []);
  return {
    total: accounts.started.values[owner] as number,
    maxAlive: accounts.maxAlive.values[owner] as number,
    aliveAfterEnd: accounts.outlived.values[owner] as number,
    own: stateNs(runner, reasons),
    children: stateNs(accounts.timesOf(owner, 'children'), reasons),
    testing: testingOf(runner),
    ...(wokenBy.length === 0 ? {} : { wokenBy }),
  };
}

function stateNs(times: readonly TimeShare[], reasons: readonly string[]): StateNs {
  const byState: Record<string, number> = {};
  for (const { state, reason, testWait, ns } of times) {
    const name = goStateName(state);
    if (name === undefined || testWait !== undefined) continue;
    const key = name === 'waiting' ? `waiting/${reasons[reason] ?? ''}` : name;
    byState[key] = (byState[key] ?? 0) + ns;
  }
  return byState;
}

function testingOf(times: readonly TimeShare[]): TestGoroutines['testing'] {
  const sum = { slotNs: 0, serialSiblingsNs: 0, subtestsNs: 0, logNs: 0 };
  for (const { testWait, ns } of times) {
    if (testWait === 'no-slot') sum.slotNs += ns;
    else if (testWait === 'serial-siblings') sum.serialSiblingsNs += ns;
    else if (testWait === 'parallel-subtests' || testWait === 'serial-subtest') sum.subtestsNs += ns;
    else if (testWait === 'log') sum.logNs += ns;
  }
  return sum;
}

/** Rows of the cross wakes by the owner that was woken. */
function wakesByOwner({ trace }: TracedProcess): ReadonlyMap<number, readonly number[]> {
  const byOwner = new Map<number, number[]>();
  const { to, length } = trace.crossWakes;
  for (let row = 0; row < length; row++) {
    const owner = to.values[row] as number;
    const rows = byOwner.get(owner);
    if (rows === undefined) byOwner.set(owner, [row]);
    else rows.push(row);
  }
  return byOwner;
}

function wokenByOf(
  run: RunState,
  { trace, pairs }: TracedProcess,
  rows: readonly number[],
): NonNullable<TestGoroutines['wokenBy']> {
  const { from, count, stack, waitStack } = trace.crossWakes;
  return rows
    .flatMap((row) => {
      const test = rowAt(run.tests, pairs?.testOf(from.values[row] as number) ?? NONE);
      if (test === undefined) return [];
      const { name, occurrence } = test;
      const waker = callFrame(trace, stack.values[row] as number);
      const waiter = callFrame(trace, waitStack.values[row] as number);
      return [{ test: name, occurrence, count: count.values[row] as number, waker, waiter }];
    })
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_WOKEN_BY);
}

/** The innermost frame that is not the runtime's. */
function callFrame({ facts, symbols }: ProcessTrace, stack: number): ShownFrame | null {
  const [frame] = symbols.framesOf(facts.callOf(stack));
  return frame === undefined ? null : { func: frame.func, file: frame.file, line: frame.line };
}
