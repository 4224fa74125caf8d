import { iterateRows, ns, rowAt } from '@observe/base';
import { wallNsOf, type BuildState, type PackageState, type RunState, type TestState } from '@observe/run';

/** What one would ask about a run first. Each list is bounded; the counts are whole. */
export interface Digest {
  readonly builds: readonly BuildState[];
  readonly crashed: readonly PackageState[];
  /** Failed packages without a failed test, a crash or a broken build to show for it. */
  readonly failedAlone: readonly PackageState[];
  /** Failed tests without a failed subtest: those that say why. */
  readonly failed: readonly TestState[];
  readonly failedCount: number;
  readonly running: readonly TestState[];
  readonly slowest: readonly { readonly test: TestState; readonly tookNs: number }[];
}

const MOST = 100;
const MOST_SLOW = 10;

/** Cost: O(tests). */
export function digestOf(run: RunState): Digest {
  const failed: TestState[] = [];
  const running: TestState[] = [];
  const slowest: { test: TestState; tookNs: number }[] = [];
  const hasFailedChild = new Set<number>();
  let failedCount = 0;
  for (let row = run.tests.length - 1; row >= 0; row--) {
    const test = rowAt(run.tests, row);
    if (test === undefined) continue;
    if (test.outcome === 'fail') {
      hasFailedChild.add(test.parent);
      if (!hasFailedChild.has(row)) {
        failedCount++;
        failed.push(test);
        if (failed.length > MOST * 2) failed.splice(0, MOST);
      }
    }
    if (test.outcome === 'running' && test.phase !== 'waiting') running.push(test);
    if (test.children === 0 && test.endNs !== undefined)
      keepSlowest(slowest, test, wallNsOf(run, test, ns(test.endNs)) ?? 0);
  }
  const crashed = [...iterateRows(run.packages)].filter((pkg) => pkg.crash !== undefined);
  return {
    builds: [...iterateRows(run.builds)].filter((build) => build.isFailed),
    crashed,
    failedAlone: [...iterateRows(run.packages)].filter(
      (pkg) =>
        pkg.outcome === 'fail' && pkg.crash === undefined && pkg.counts.fail === 0 && pkg.failedBuildPath === undefined,
    ),
    failed: failed.reverse().slice(0, MOST),
    failedCount,
    running: running.sort((a, b) => (a.startNs ?? 0) - (b.startNs ?? 0)).slice(0, MOST),
    slowest,
  };
}

function keepSlowest(slowest: { test: TestState; tookNs: number }[], test: TestState, tookNs: number): void {
  if (slowest.length >= MOST_SLOW && tookNs <= (slowest.at(-1)?.tookNs ?? 0)) return;
  const at = slowest.findIndex((other) => other.tookNs < tookNs);
  slowest.splice(at < 0 ? slowest.length : at, 0, { test, tookNs });
  slowest.length = Math.min(slowest.length, MOST_SLOW);
}
