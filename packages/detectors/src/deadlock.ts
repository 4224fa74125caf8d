import { blockAt, blockEvidence, standingEvidence, standingsOf, standingWords } from './dump-reading.ts';
import { defineDetector, type Claim } from './detector.ts';
import { lostTests, packagesOf, testEvidence, testRef } from './run-reading.ts';
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
        tests: lost.map((test) => testRef(run, test)),
        site: pkg.name,
        evidence: [
          ...lost.map((test) => testEvidence(run, test, 'was running')),
          ...(block === undefined ? [] : [blockEvidence(block, 'the fatal error')]),
          ...standings.flatMap((standing) => standingEvidence(pkg.name, standing)),
        ],
      });
    }
    return claims;
  },
});
