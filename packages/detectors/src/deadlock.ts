import { crashClaim } from './crash-claim.ts';
import { blockAt, blockEvidence, standingsOf, standingWords } from './dump-reading.ts';
import { defineDetector, type Claim } from './detector.ts';
import { lostTests, packagesOf } from './run-reading.ts';
import { ALL_ASLEEP } from './silent-death.ts';
import { WORDS } from './words.ts';

/** Claims: the runtime found that no goroutine of a process could ever go on; which tests ran, and where they stood. */
export const deadlock = defineDetector({
  id: 'deadlock',
  needs: ['run', 'reports'],
  detect: ({ run, reports }) => {
    const claims: Claim[] = [];
    for (const pkg of packagesOf(run)) {
      const { crash } = pkg;
      if (crash?.kind !== 'fatal' || !crash.text.includes(ALL_ASLEEP)) continue;
      const block = blockAt(reports.get(pkg.row), 'fatal', crash.seq);
      const standings = block === undefined ? [] : standingsOf(block.dump);
      const lost = lostTests(run, pkg);
      claims.push({
        severity: 'error',
        confidence: 'certain',
        words: WORDS.deadlock({
          package: pkg.name,
          tests: lost.map(({ name }) => name),
          places: standings.map(standingWords),
        }),
        ...crashClaim(run, pkg, lost, block && blockEvidence(block, 'the fatal error'), standings),
      });
    }
    return claims;
  },
});
