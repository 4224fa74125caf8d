import { OPEN } from '@observe/gotrace';
import { OWNER } from '@observe/run';
import { defineDetector, type Claim } from './detector.ts';
import type { TracedProcess } from './facts.ts';
import { testEvidence, testRef } from './run-reading.ts';
import { POOL_KEEPERS } from './signatures.ts';
import {
  goroutineEvidence,
  ownFunc,
  placeOfStack,
  stackEvidence,
  startFuncOf,
  testOfOwner,
  topOwner,
} from './trace-reading.ts';
import { TRACE_WORDS } from './trace-words.ts';

/** Two tests with a pool left open are an oversight; three are a habit. */
const MIN_TESTS = 3;

/** Claims: tests each opened a pool of their own, from one place, and left it open when they ended. */
export const poolPerTest = defineDetector({
  id: 'pool-per-test',
  needs: ['run', 'traces'],
  detect: ({ run, traces }) => {
    const claims: Claim[] = [];
    for (const process of traces) {
      for (const rows of openPools(process).values()) {
        const { goroutines } = process.trace;
        const [first] = rows as [number, ...number[]];
        const owners = new Set(rows.map((row) => goroutines.owner.values[row] as number));
        if (owners.size < MIN_TESTS) continue;
        const tests = [...owners]
          .flatMap((owner) => testOfOwner(run, process, owner) ?? [])
          .sort((a, b) => a.row - b.row);
        const createStack = goroutines.createStack.values[first] as number;
        claims.push({
          severity: 'warning',
          confidence: 'certain',
          words: TRACE_WORDS.poolPerTest({
            pool: POOL_KEEPERS.get(startFuncOf(process, first)) ?? '',
            tests: owners.size,
            pools: rows.length,
            names: tests.map(({ name }) => name),
            place: placeOfStack(process, createStack),
          }),
          tests: tests.map((test) => testRef(run, test)),
          site: ownFunc(process, createStack),
          evidence: [
            ...tests.map((test) => testEvidence(run, test, 'left its pool open')),
            ...stackEvidence(process, createStack, 'where they are opened'),
            ...rows.map((row) => goroutineEvidence(run, process, row, 'one for each open pool')),
          ],
        });
      }
    }
    return claims;
  },
});

/** Goroutines of pools whose test is over, by what they are and the user's function that opened them. */
function openPools(process: TracedProcess): Map<string, number[]> {
  const { goroutines, owners } = process.trace;
  const groups = new Map<string, number[]>();
  for (let row = 0; row < goroutines.length; row++) {
    const owner = goroutines.owner.values[row] as number;
    const startFunc = owner <= OWNER.unknown || !goroutines.isAlive(row) ? '' : startFuncOf(process, row);
    if (!POOL_KEEPERS.has(startFunc) || owners.endedNs.values[topOwner(process, owner)] === OPEN) continue;
    const key = `${startFunc} ${ownFunc(process, goroutines.createStack.values[row] as number)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  return groups;
}
