import { OPEN } from '@observe/gotrace';
import { OWNER } from '@observe/run';
import { defineDetector, type Claim } from './detector.ts';
import { packageName } from './run-reading.ts';
import { goroutineEvidence, intervalEvidence, startFuncOf } from './trace-reading.ts';
import { TRACE_WORDS } from './trace-words.ts';

/**
 * Claims: a goroutine that was started before `m.Run` (by init, as far as its stack tells) came to its end when tests had begun: what
 * it prepares was not there yet. One that goes on to the end is a service, and no news.
 */
export const lateInit = defineDetector({
  id: 'late-init',
  needs: ['run', 'traces'],
  detect: ({ run, traces }) => {
    const claims: Claim[] = [];
    for (const process of traces) {
      const { goroutines, owners } = process.trace;
      const firstNs = owners.createdNs.values[OWNER.unknown + 1];
      if (owners.length <= OWNER.unknown + 1 || firstNs === undefined) continue;
      for (let row = 0; row < goroutines.length; row++) {
        const owner = goroutines.owner.values[row] as number;
        const endedNs = goroutines.endedNs.values[row] as number;
        const isEarly = goroutines.isOlder(row) && (owner === OWNER.init || owner === OWNER.unknown);
        if (!isEarly || endedNs === OPEN || endedNs <= firstNs) continue;
        claims.push({
          severity: 'warning',
          confidence: owner === OWNER.init ? 'likely' : 'possible',
          words: TRACE_WORDS.lateInit({
            package: packageName(run, process.package),
            startFunc: startFuncOf(process, row),
            isInit: owner === OWNER.init,
            afterNs: endedNs - firstNs,
          }),
          tests: [],
          site: packageName(run, process.package),
          evidence: [
            goroutineEvidence(run, process, row, 'started before m.Run'),
            intervalEvidence(process, firstNs, endedNs, 'tests run, and it is not done'),
          ],
        });
      }
    }
    return claims;
  },
});
