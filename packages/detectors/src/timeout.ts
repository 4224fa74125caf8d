import { crashClaim } from './crash-claim.ts';
import { blockAt, blockEvidence, standingsOf, standingWords } from './dump-reading.ts';
import { defineDetector, type Claim } from './detector.ts';
import { lostTests, packagesOf, topOf } from './run-reading.ts';
import { WORDS } from './words.ts';

/** Claims: `-timeout` killed a process while these tests ran; and where each of their goroutines stood. */
export const timeout = defineDetector({
  id: 'timeout',
  needs: ['run', 'reports'],
  detect: ({ run, reports }) => {
    const claims: Claim[] = [];
    for (const pkg of packagesOf(run)) {
      const { crash } = pkg;
      if (crash?.kind !== 'timeout') continue;
      const lost = lostTests(run, pkg);
      const block = blockAt(reports.get(pkg.row), 'panic', crash.seq);
      const tops = new Set(lost.map((test) => topOf(run, test).name));
      const standings = block === undefined ? [] : standingsOf(block.dump).filter(({ test }) => tops.has(test));
      claims.push({
        severity: 'error',
        confidence: 'certain',
        words: WORDS.timeout({
          package: pkg.name,
          after: block?.timeout?.afterText ?? crash.text.replace(/^panic: test timed out after /, ''),
          tests: lost.map(({ name }) => name),
          places: standings.map(standingWords),
        }),
        ...crashClaim(run, pkg, lost, block && blockEvidence(block, 'the alarm and the dump'), standings),
      });
    }
    return claims;
  },
});
