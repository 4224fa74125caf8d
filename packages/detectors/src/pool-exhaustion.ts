import { OPEN } from '@observe/gotrace';
import { defineDetector, type Claim } from './detector.ts';
import type { TracedProcess } from './facts.ts';
import { poolWaitsOf, type PoolWait } from './pool-waits.ts';
import { testEvidence, testRef } from './run-reading.ts';
import { intervalEvidence, placeOfStack, stackEvidence, testOfOwner } from './trace-reading.ts';
import { TRACE_WORDS } from './trace-words.ts';

/** Of all waits that a release ended: less costs nobody anything. */
const MIN_WAIT_NS = 100e6;
/** Goroutines that wait at once; one alone is no queue. */
const MIN_DEPTH = 2;

/** Claims: goroutines queued for a known pool until others gave something back; how many at once, for how long, who gave back. */
export const poolExhaustion = defineDetector({
  id: 'pool-exhaustion',
  needs: ['run', 'traces'],
  detect: ({ run, traces }) => {
    const claims: Claim[] = [];
    for (const process of traces) {
      for (const waits of byPool(poolWaitsOf(process)).values()) {
        const waitNs = waits.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
        const depth = depthOf(waits);
        if (waitNs < MIN_WAIT_NS || depth < MIN_DEPTH) continue;
        const waiting = testsOf(
          process,
          waits.map(({ goroutine }) => goroutine),
        );
        const tests = [...waiting]
          .flatMap((owner) => testOfOwner(run, process, owner) ?? [])
          .sort((a, b) => a.row - b.row);
        const longest = [...waits].sort((a, b) => b.endNs - b.startNs - (a.endNs - a.startNs));
        const [first] = longest as [PoolWait, ...PoolWait[]];
        claims.push({
          severity: 'warning',
          confidence: 'certain',
          words: TRACE_WORDS.poolExhaustion({
            pool: first.pool.pool,
            tests: tests.map(({ name }) => name),
            waits: waits.length,
            waitNs,
            depth,
            place: placeOfStack(process, first.stack),
          }),
          tests: tests.map((test) => testRef(run, test)),
          site: first.pool.pool,
          evidence: [
            ...tests.map((test) => testEvidence(run, test, 'waited for the pool')),
            ...stackEvidence(process, first.stack, 'where the longest wait stood'),
            ...longest.slice(0, 20).map(({ startNs, endNs }) => intervalEvidence(process, startNs, endNs, 'a wait')),
          ],
        });
      }
    }
    return claims;
  },
});

/** Waits that a release ended, in the order of their ends. */
function byPool(waits: readonly PoolWait[]): Map<string, PoolWait[]> {
  const pools = new Map<string, PoolWait[]>();
  for (const wait of waits) {
    if (wait.endedBy?.kind !== 'release' || wait.endNs === OPEN) continue;
    const known = pools.get(wait.pool.pool);
    if (known === undefined) pools.set(wait.pool.pool, [wait]);
    else known.push(wait);
  }
  return pools;
}

/** The most that waited at one moment. */
function depthOf(waits: readonly PoolWait[]): number {
  const steps = waits.flatMap(({ startNs, endNs }) => [[startNs, 1] as const, [endNs, -1] as const]);
  let [depth, most] = [0, 0];
  for (const [, step] of steps.sort((a, b) => a[0] - b[0] || a[1] - b[1])) most = Math.max(most, (depth += step));
  return most;
}

const testsOf = ({ trace }: TracedProcess, rows: readonly number[]): Set<number> =>
  new Set(rows.map((row) => trace.goroutines.owner.values[row] as number));
