import { rowAt, type Ns } from '@observe/base';
import { PHASES, type PackageState, type Phase, type RunState, type TestState } from './state.ts';

/** When a test stopped being there: its true end, its closing, or `nowNs` while it runs. Undefined without Time. */
export const stopNsOf = (test: TestState, nowNs: Ns | undefined): Ns | undefined =>
  test.endNs ?? test.closedNs ?? (test.phase === undefined ? undefined : nowNs);

/** From `run` to the true end; of a running test up to `nowNs`. Of a cached one: Go's own word. */
export function wallNsOf(state: RunState, test: TestState, nowNs?: Ns): Ns | undefined {
  if (rowAt(state.packages, test.package)?.isCached === true) return test.elapsedNs;
  const stopNs = stopNsOf(test, nowNs);
  if (test.startNs === undefined || stopNs === undefined) return undefined;
  return (stopNs - test.startNs) as Ns;
}

/** Time in t.Parallel: for serial siblings and for a slot. */
export function pausedNsOf(test: TestState, nowNs?: Ns): Ns {
  let pausedNs = 0;
  visitSegments(test, nowNs, (phase, fromNs, toNs) => {
    if (phase === 'paused' || phase === 'queued') pausedNs += toNs - fromNs;
  });
  return pausedNs as Ns;
}

/** Wall time less pauses. */
export function activeNsOf(state: RunState, test: TestState, nowNs?: Ns): Ns | undefined {
  const wallNs = wallNsOf(state, test, nowNs);
  if (wallNs === undefined || rowAt(state.packages, test.package)?.isCached === true) return wallNs;
  return (wallNs - pausedNsOf(test, nowNs)) as Ns;
}

/** Calls `visit` for each phase in order; the last one lasts until the end, the closing or `nowNs`. */
export function visitSegments(
  test: TestState,
  nowNs: Ns | undefined,
  visit: (phase: Phase, fromNs: number, toNs: number) => void,
): void {
  const stopNs = stopNsOf(test, nowNs);
  const { segments, segmentLength } = test;
  for (let i = 0; i + 1 < segmentLength; i += 2) {
    const fromNs = segments[i] ?? 0;
    const nextNs = i + 2 < segmentLength ? segments[i + 2] : stopNs;
    const toNs = Math.max(fromNs, nextNs ?? fromNs);
    const phase = PHASES[segments[i + 1] ?? 0];
    if (phase !== undefined) visit(phase, fromNs, toNs);
  }
}

/** The executions of one package, in the order in which they began. */
export function* testsOf(state: RunState, pkg: PackageState): Generator<TestState> {
  for (let i = 0; i < pkg.testCount; i++) {
    const test = rowAt(state.tests, pkg.tests[i] ?? -1);
    if (test !== undefined) yield test;
  }
}
