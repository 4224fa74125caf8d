import { OPEN } from '@observe/gotrace';
import { defineDetector, type Claim } from './detector.ts';
import type { TracedProcess } from './facts.ts';
import { poolWaitsOf, type PoolWait } from './pool-waits.ts';
import { testEvidence, testRef } from './run-reading.ts';
import { HOLDERS } from './signatures.ts';
import {
  goroutineEvidence,
  intervalEvidence,
  placeOfStack,
  stackEvidence,
  startFuncOf,
  testOfOwner,
} from './trace-reading.ts';
import { TRACE_WORDS } from './trace-words.ts';

/** Shorter, and somebody may just have been slow. */
const MIN_WAIT_NS = 1e9;

/**
 * Claims: a goroutine that holds a transaction or a result waited for a connection more, and none was given back to it: a context or
 * the end of the process ended the wait, if anything did.
 */
export const poolSelfDeadlock = defineDetector({
  id: 'pool-self-deadlock',
  needs: ['run', 'traces'],
  detect: ({ run, traces }) => {
    const claims: Claim[] = [];
    for (const process of traces) {
      for (const [owner, waits] of stuckWaits(process)) {
        const test = testOfOwner(run, process, owner);
        const [first] = waits as [PoolWait, ...PoolWait[]];
        claims.push({
          severity: 'error',
          confidence: 'likely',
          words: TRACE_WORDS.poolSelfDeadlock({
            test: test?.name,
            pool: first.pool.pool,
            goroutines: waits.length,
            waitNs: Math.max(...waits.map((wait) => lengthNs(process, wait))),
            place: placeOfStack(process, first.stack),
          }),
          tests: test === undefined ? [] : [testRef(run, test)],
          site: first.pool.pool,
          evidence: [
            ...(test === undefined ? [] : [testEvidence(run, test, 'holds and waits')]),
            ...stackEvidence(process, first.stack, 'where it asks for another'),
            ...waits.map((wait) => goroutineEvidence(run, process, wait.goroutine, 'holds one and waits for another')),
            ...waits.map((wait) => intervalEvidence(process, wait.startNs, wait.endNs, 'waits')),
          ],
        });
      }
    }
    return claims;
  },
});

const lengthNs = ({ trace }: TracedProcess, { startNs, endNs }: PoolWait): number =>
  (endNs === OPEN ? trace.extent.endNs : endNs) - startNs;

/** Long waits that no release ended, of goroutines that held a connection all the while; by owner. */
function stuckWaits(process: TracedProcess): Map<number, PoolWait[]> {
  const stuck = new Map<number, PoolWait[]>();
  for (const wait of poolWaitsOf(process)) {
    if (wait.endedBy?.kind === 'release' || lengthNs(process, wait) < MIN_WAIT_NS || !isHolding(process, wait))
      continue;
    const owner = process.trace.goroutines.owner.values[wait.goroutine] as number;
    const known = stuck.get(owner);
    if (known === undefined) stuck.set(owner, [wait]);
    else known.push(wait);
  }
  return stuck;
}

/** A transaction or a result that the goroutine made was open when it began to wait, and until about its end. */
function isHolding(process: TracedProcess, wait: PoolWait): boolean {
  const { goroutines } = process.trace;
  for (let row = wait.goroutine + 1; row < goroutines.length; row++) {
    if (goroutines.parent.values[row] !== wait.goroutine || !HOLDERS.has(startFuncOf(process, row))) continue;
    const endedNs = goroutines.endedNs.values[row] as number;
    const isOpenFirst = (goroutines.createdNs.values[row] as number) <= wait.startNs;
    if (isOpenFirst && endedNs >= wait.startNs + MIN_WAIT_NS) return true;
  }
  return false;
}
