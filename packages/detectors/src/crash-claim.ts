import type { Evidence } from '@observe/protocol';
import type { PackageState, RunState, TestState } from '@observe/run';
import type { Claim } from './detector.ts';
import { standingEvidence, type Standing } from './dump-reading.ts';
import { testEvidence, testRef } from './run-reading.ts';

/** What a process that died took along: its tests, and what proves it. `block`: the head in its text, where there is one. */
export const crashClaim = (
  run: RunState,
  pkg: PackageState,
  lost: readonly TestState[],
  block: Evidence | undefined,
  standings: readonly Standing[],
): Pick<Claim, 'tests' | 'site' | 'evidence'> => ({
  tests: lost.map((test) => testRef(run, test)),
  site: pkg.name,
  evidence: [
    ...lost.map((test) => testEvidence(run, test, 'was running')),
    ...(block === undefined ? [] : [block]),
    ...standings.flatMap((standing) => standingEvidence(pkg.name, standing)),
  ],
});
