import { stopNsOf, testsOf, visitSegments, type PackageState, type RunState } from '@observe/run';
import { defineDetector, type Claim } from './detector.ts';
import { packagesOf, testEvidence, testRef } from './run-reading.ts';
import { WORDS } from './words.ts';

/** Less is not worth a change of flags. */
const MIN_SAVED_NS = 1e9;
/** Of the package's time. */
const MIN_SHARE = 0.2;

/**
 * Claims: the package would have ended so much earlier, had every parallel test had a `-parallel` slot at once. An upper bound of what
 * more slots can save, if the tests wait rather than compute.
 */
export const slotStarvation = defineDetector({
  id: 'slot-starvation',
  needs: ['run'],
  detect: ({ run }) => {
    const claims: Claim[] = [];
    for (const pkg of packagesOf(run)) {
      const { queued, queuedNs, lastNs, earliestNs } = queueOf(run, pkg);
      const savedNs = lastNs - earliestNs;
      const tookNs = lastNs - (pkg.startNs ?? lastNs);
      if (!(savedNs >= MIN_SAVED_NS && savedNs >= MIN_SHARE * tookNs)) continue;
      const longest = queued.sort((a, b) => b.ns - a.ns);
      claims.push({
        severity: 'info',
        confidence: 'possible',
        words: WORDS.slotStarvation({ package: pkg.name, tests: queued.length, queuedNs, savedNs, tookNs }),
        tests: longest.map(({ test }) => testRef(run, test)),
        site: pkg.name,
        evidence: longest.map(({ test }) => testEvidence(run, test, 'waited for a slot')),
      });
    }
    return claims;
  },
});

/** `earliestNs`: when the last test would have ended without a wait for a slot. */
function queueOf(run: RunState, pkg: PackageState) {
  const queued: { readonly test: Parameters<typeof testRef>[1]; readonly ns: number }[] = [];
  let queuedNs = 0;
  let [lastNs, earliestNs] = [0, 0];
  for (const test of testsOf(run, pkg)) {
    let ns = 0;
    visitSegments(test, run.lastNs, (phase, fromNs, toNs) => {
      if (phase === 'queued') ns += toNs - fromNs;
    });
    const endNs = stopNsOf(test, run.lastNs) ?? 0;
    if (ns > 0) queued.push({ test, ns });
    queuedNs += ns;
    if (test.children > 0) continue; // it ends with its subtests
    lastNs = Math.max(lastNs, endNs);
    earliestNs = Math.max(earliestNs, endNs - ns);
  }
  return { queued, queuedNs, lastNs, earliestNs };
}
