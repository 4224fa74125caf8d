import { defineDetector, type Claim } from './detector.ts';
import { testEvidence, testRef } from './run-reading.ts';
import { testOwners } from './trace-reading.ts';
import { TRACE_WORDS } from './trace-words.ts';

/** Less is not worth a rewrite. */
const MIN_SLEEP_NS = 200e6;
/** Of the test's time without waits of package testing. */
const MIN_SHARE = 0.5;

/** Claims: most of a test's own time was `time.Sleep`. */
export const sleepBound = defineDetector({
  id: 'sleep-bound',
  needs: ['run', 'traces'],
  detect: ({ run, traces }) => {
    const claims: Claim[] = [];
    for (const process of traces) {
      const { accounts, reasons } = process.trace;
      for (const [owner, test] of testOwners(run, process)) {
        if (test === undefined) continue;
        const own = accounts.timesOf(owner, 'runner').filter(({ testWait }) => testWait === undefined);
        const sleepNs = own.find(({ reason }) => reasons[reason] === 'sleep')?.ns ?? 0;
        const tookNs = own.reduce((sum, { ns }) => sum + ns, 0);
        if (sleepNs < MIN_SLEEP_NS || sleepNs < MIN_SHARE * tookNs) continue;
        claims.push({
          severity: 'info',
          confidence: 'certain',
          words: TRACE_WORDS.sleepBound({ test: test.name, sleepNs, tookNs }),
          tests: [testRef(run, test)],
          site: '',
          evidence: [testEvidence(run, test, 'sleeps')],
        });
      }
    }
    return claims;
  },
});
