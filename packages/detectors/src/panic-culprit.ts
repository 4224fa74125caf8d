import { rowAt } from '@observe/base';
import { culpritOf, type Owner } from '@observe/gostack';
import type { PackageState, RunState, TestState } from '@observe/run';
import { blockAt, blockEvidence } from './dump-reading.ts';
import { defineDetector, type Claim } from './detector.ts';
import { ownCall, placeOf, shownFrames } from './frames.ts';
import { isGoexit } from './goexit.ts';
import { lostTests, neverStarted, packagesOf, testEvidence, testNamed, testRef, topOf } from './run-reading.ts';
import { WORDS } from './words.ts';

/** Claims: who raised the panic that killed a test process; Go's stream pins it on whichever test printed last. */
export const panicCulprit = defineDetector({
  id: 'panic-culprit',
  needs: ['run', 'reports'],
  detect: ({ run, reports }) => {
    const claims: Claim[] = [];
    for (const pkg of packagesOf(run)) {
      const { crash } = pkg;
      if (crash?.kind !== 'panic') continue;
      const block = blockAt(reports.get(pkg.row), 'panic', crash.seq);
      if (block !== undefined && isGoexit(block)) continue;
      const owner = block === undefined ? undefined : culpritOf(block);
      const culprit = testOf(run, pkg, owner);
      const victims = lostTests(run, pkg).filter((test) => !isOf(run, test, culprit));
      const died = block?.dump.goroutines[0];
      claims.push({
        severity: 'error',
        confidence: culprit === undefined ? 'possible' : owner?.by === 'closure' ? 'likely' : 'certain',
        words: WORDS.panicCulprit({
          package: pkg.name,
          message: block?.message ?? crash.text.replace(/^panic: /, ''),
          culprit: culprit?.name,
          // A test that panics itself has failed by the time its panic is printed.
          hadEnded: culprit?.outcome === 'pass' || culprit?.outcome === 'skip',
          pinnedOn: rowAt(run.tests, crash.pinnedOn)?.name,
          victims: victims.map(({ name }) => name),
          neverStarted: neverStarted(run, pkg).map(({ name }) => name),
          place: died === undefined ? undefined : placeOf(ownCall(died.frames)),
        }),
        tests: culprit === undefined ? [] : [testRef(run, culprit)],
        site: (died === undefined ? undefined : ownCall(died.frames)?.func) ?? pkg.name,
        evidence: [
          ...(culprit === undefined ? [] : [testEvidence(run, culprit, 'its goroutine panicked')]),
          ...(block === undefined ? [] : [blockEvidence(block, 'the panic')]),
          ...(died === undefined
            ? []
            : [{ kind: 'stack' as const, words: 'where it panicked', frames: shownFrames(died.frames) }]),
          ...victims.map((test) => testEvidence(run, test, 'taken along')),
        ],
      });
    }
    return claims;
  },
});

/** The text names a top-level test, as a rule. If its subtest failed with it, that one is meant: the text cannot tell. */
function testOf(run: RunState, pkg: PackageState, owner: Owner | undefined): TestState | undefined {
  const named = owner === undefined ? undefined : testNamed(run, pkg, owner.test);
  const pinned = rowAt(run.tests, pkg.crash?.pinnedOn ?? -1);
  const isBelow = named !== undefined && pinned !== undefined && topOf(run, pinned) === named;
  return isBelow && pinned.outcome !== 'pass' ? pinned : named;
}

const isOf = (run: RunState, test: TestState, culprit: TestState | undefined): boolean =>
  culprit !== undefined && topOf(run, test) === topOf(run, culprit);
