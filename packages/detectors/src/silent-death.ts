import { culpritOf } from '@observe/gostack';
import type { LostKind } from '@observe/run';
import { blockAt, blockEvidence } from './dump-reading.ts';
import { defineDetector, type Claim } from './detector.ts';
import { ownCall, placeOf } from './frames.ts';
import { lostTests, neverStarted, packagesOf, testEvidence, testNamed, testRef } from './run-reading.ts';
import { WORDS } from './words.ts';

/** Deaths that say little or nothing. Panics, timeouts and Ctrl-C tell their own story. */
const SILENT: ReadonlySet<LostKind> = new Set(['exit', 'killed', 'fatal']);
/** The runtime's own word for a deadlock, which has a detector of its own. */
export const ALL_ASLEEP = 'all goroutines are asleep - deadlock!';

/** Claims: an exit, a kill or a fatal error took running tests along; which, and which never ran. */
export const silentDeath = defineDetector({
  id: 'silent-death',
  needs: ['run'],
  uses: ['reports'],
  detect: ({ run, reports }) => {
    const claims: Claim[] = [];
    for (const pkg of packagesOf(run)) {
      if (pkg.outcome !== 'fail' && pkg.outcome !== 'lost') continue;
      const lost = lostTests(run, pkg);
      const { kind, text, seq } = pkg.crash ?? { ...lost[0]?.lost, seq: -1 };
      if (kind === undefined || !SILENT.has(kind) || text?.includes(ALL_ASLEEP) === true) continue;
      if (lost.length === 0 && kind === 'exit') continue;
      const block = blockAt(reports?.get(pkg.row), 'fatal', seq);
      const owner = block === undefined ? undefined : culpritOf(block);
      const culprit = owner === undefined ? undefined : testNamed(run, pkg, owner.test);
      const died = block?.dump.goroutines[0];
      const waiting = neverStarted(run, pkg);
      claims.push({
        severity: 'error',
        // Of a stream that lost results a test can look as if it still ran.
        confidence: run.quality.midlineFrames > 0 ? 'possible' : 'certain',
        words: WORDS.silentDeath({
          package: pkg.name,
          kind,
          text: text ?? '',
          culprit: culprit?.name,
          place: died === undefined ? undefined : placeOf(ownCall(died.frames)),
          lost: lost.map(({ name }) => name),
          neverStarted: waiting.map(({ name }) => name),
        }),
        tests: [...lost, ...waiting].map((test) => testRef(run, test)),
        site: kind,
        evidence: [
          ...lost.map((test) => testEvidence(run, test, 'was running')),
          ...waiting.map((test) => testEvidence(run, test, 'never ran')),
          ...(block === undefined ? [] : [blockEvidence(block, 'the fatal error')]),
        ],
      });
    }
    return claims;
  },
});
