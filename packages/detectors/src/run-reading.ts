import { iterateRows, rowAt } from '@observe/base';
import type { Evidence, FindingTest } from '@observe/protocol';
import { NONE, testsOf, type PackageState, type RunState, type TestState } from '@observe/run';

/** What several detectors ask of the run. */

export const packageName = (run: RunState, row: number): string => rowAt(run.packages, row)?.name ?? '';

/** The execution that a finding speaks of. */
export const testRef = (run: RunState, test: TestState): FindingTest => ({
  package: packageName(run, test.package),
  test: test.name,
  occurrence: test.occurrence,
});

export const testEvidence = (run: RunState, test: TestState, words: string): Evidence => ({
  kind: 'test',
  ...testRef(run, test),
  words,
});

/** The latest execution of a name in a package that began by now; undefined when none did. */
export function testNamed(run: RunState, pkg: PackageState, name: string): TestState | undefined {
  let found: TestState | undefined;
  for (const test of testsOf(run, pkg)) if (test.name === name) found = test;
  return found;
}

/** Tests that the package's death took along: they began, and have no end. Without parents of others of them. */
export function lostTests(run: RunState, pkg: PackageState): TestState[] {
  const lost = [...testsOf(run, pkg)].filter(({ outcome }) => outcome === 'lost');
  const parents = new Set(lost.map(({ parent }) => parent));
  return lost.filter(({ row }) => !parents.has(row));
}

/** Tests that were paused for a slot that never came. */
export const neverStarted = (run: RunState, pkg: PackageState): TestState[] =>
  [...testsOf(run, pkg)].filter(({ outcome }) => outcome === 'never-started');

export const packagesOf = (run: RunState): Iterable<PackageState> => iterateRows(run.packages);

/** The top-level test above a test, or itself. */
export function topOf(run: RunState, test: TestState): TestState {
  let top = test;
  while (top.parent !== NONE) {
    const above = rowAt(run.tests, top.parent);
    if (above === undefined) return top;
    top = above;
  }
  return top;
}
