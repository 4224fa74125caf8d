import { NONE, OPEN } from '@observe/gotrace';
import { rowAt } from '@observe/base';
import { OWNER } from '@observe/run';
import { defineDetector, type Claim } from './detector.ts';
import type { TracedProcess } from './facts.ts';
import { testEvidence, testRef } from './run-reading.ts';
import { BY_OTHERS, KEPT_BY_LIBRARIES, POOL_KEEPERS } from './signatures.ts';
import {
  goroutineEvidence,
  intervalEvidence,
  isInTesting,
  ownFunc,
  placeOfStack,
  stackEvidence,
  startFuncOf,
  testOfOwner,
  topOwner,
  waitReasonOf,
} from './trace-reading.ts';
import { TRACE_WORDS } from './trace-words.ts';

/** While the process runs, somebody may still be about to end it. */
const LIVE_GRACE_NS = 1e9;
/** What is not blocked may be about to end. */
const BUSY_GRACE_NS = 100e6;

/** Claims: goroutines that a test started are still there after it, and (when `likely`) nobody has woken them since before its end. */
export const goroutineLeak = defineDetector({
  id: 'goroutine-leak',
  needs: ['run', 'traces'],
  detect: ({ run, traces }) => {
    const claims: Claim[] = [];
    for (const process of traces) {
      const isLive = rowAt(run.packages, process.package)?.outcome === 'running';
      for (const rows of leftBehind(process, isLive).values()) {
        const { goroutines, owners, extent } = process.trace;
        const [first] = rows as [number, ...number[]];
        const owner = goroutines.owner.values[first] as number;
        const test = testOfOwner(run, process, owner);
        const stack = goroutines.stack.values[first] as number;
        const createStack = goroutines.createStack.values[first] as number;
        const isBlocked = rows.every((row) => isBlockedSinceTest(process, row));
        const endedNs = owners.endedNs.values[topOwner(process, owner)] as number;
        claims.push({
          severity: 'warning',
          confidence: isBlocked ? 'likely' : 'possible',
          words: TRACE_WORDS.goroutineLeak({
            test: test?.name,
            count: rows.length,
            startFunc: startFuncOf(process, first),
            reason: waitReasonOf(process, first),
            place: placeOfStack(process, stack),
            madeAt: placeOfStack(process, createStack),
            afterNs: extent.endNs - endedNs,
            isBlocked,
          }),
          tests: test === undefined ? [] : [testRef(run, test)],
          site: startFuncOf(process, first),
          evidence: [
            ...(test === undefined ? [] : [testEvidence(run, test, 'started them')]),
            intervalEvidence(process, endedNs, OPEN, 'they outlive the test'),
            ...stackEvidence(process, stack, 'where they stand'),
            ...stackEvidence(process, createStack, 'where they were started'),
            ...rows.map((row) => goroutineEvidence(run, process, row, 'outlives its test')),
          ],
        });
      }
    }
    return claims;
  },
});

/** Goroutines that outlive their test, by owner, and by what they were started with and where. */
function leftBehind(process: TracedProcess, isLive: boolean): Map<string, number[]> {
  const { goroutines, owners, extent } = process.trace;
  const groups = new Map<string, number[]>();
  for (let row = 0; row < goroutines.length; row++) {
    const owner = goroutines.owner.values[row] as number;
    if (owner <= OWNER.unknown || !goroutines.isAlive(row) || owners.root.values[owner] === row) continue;
    const sinceEndNs = extent.endNs - (owners.endedNs.values[topOwner(process, owner)] as number);
    const graceNs = isLive ? LIVE_GRACE_NS : isBlockedSinceTest(process, row) ? 0 : BUSY_GRACE_NS;
    if (!(sinceEndNs >= graceNs) || isInTesting(process, row)) continue;
    const startFunc = startFuncOf(process, row);
    // A pool that is left open is told by pool-per-test.
    if (POOL_KEEPERS.has(startFunc) || KEPT_BY_LIBRARIES.has(startFunc)) continue;
    const key = `${owner} ${startFunc} ${ownFunc(process, goroutines.createStack.values[row] ?? NONE)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  return groups;
}

/** It waits for another goroutine, and has since before its test's end: nobody came. */
function isBlockedSinceTest(process: TracedProcess, row: number): boolean {
  const { goroutines, owners } = process.trace;
  const endedNs = owners.endedNs.values[topOwner(process, goroutines.owner.values[row] as number)] as number;
  return BY_OTHERS.has(waitReasonOf(process, row)) && (goroutines.sinceNs.values[row] as number) <= endedNs;
}
