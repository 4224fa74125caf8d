import { rowAt } from '@observe/base';
import { GO_STATE } from '@observe/gotrace';
import { defineDetector, type Claim } from './detector.ts';
import type { TracedProcess } from './facts.ts';
import { testEvidence, testRef } from './run-reading.ts';
import { BY_OTHERS } from './signatures.ts';
import {
  goroutineEvidence,
  isInTesting,
  nowOf,
  ownFunc,
  placeOfStack,
  stackEvidence,
  testOwners,
  waitReasonOf,
} from './trace-reading.ts';
import { TRACE_WORDS } from './trace-words.ts';

/** Without progress of any of a test's goroutines: some honest tests wait longer, few do. */
const POSSIBLE_NS = 5e9;
const LIKELY_NS = 30e9;

/** Claims, while the run goes on: none of a running test's goroutines has moved for so long, and only others could wake them. */
export const hang = defineDetector({
  id: 'hang',
  needs: ['run', 'traces', 'nowNs'],
  detect: ({ run, traces, nowNs }) => {
    const claims: Claim[] = [];
    if (run.end !== undefined) return claims;
    for (const process of traces) {
      if (rowAt(run.packages, process.package)?.outcome !== 'running') continue;
      for (const [owner, test] of testOwners(run, process)) {
        if (test?.outcome !== 'running' || (test.phase !== 'running' && test.phase !== 'cleanup')) continue;
        const stuck = stuckOf(process, owner);
        const silentNs = nowOf(process, nowNs) - (stuck?.sinceNs ?? Infinity);
        if (stuck === undefined || !(silentNs >= POSSIBLE_NS)) continue;
        const { goroutines } = process.trace;
        const placeOf = (row: number): string => placeOfStack(process, goroutines.stack.values[row] as number);
        const isLikely = silentNs >= LIKELY_NS;
        claims.push({
          severity: isLikely ? 'error' : 'warning',
          confidence: isLikely ? 'likely' : 'possible',
          words: TRACE_WORDS.hang({
            test: test.name,
            silentNs,
            places: stuck.rows.map((row) => `${waitReasonOf(process, row)} in ${placeOf(row)}`),
          }),
          tests: [testRef(run, test)],
          site: stuck.rows
            .map((row) => ownFunc(process, goroutines.stack.values[row] as number))
            .sort()
            .join(' '),
          evidence: [
            testEvidence(run, test, 'makes no progress'),
            ...stuck.rows.flatMap((row) => [
              goroutineEvidence(run, process, row, waitReasonOf(process, row)),
              ...stackEvidence(process, goroutines.stack.values[row] as number, 'where it stands'),
            ]),
          ],
        });
      }
    }
    return claims;
  },
});

/** A test's goroutines, all of which wait for others, and since when the last of them does; undefined when one can go on by itself. */
function stuckOf(
  process: TracedProcess,
  owner: number,
): { readonly rows: number[]; readonly sinceNs: number } | undefined {
  const { goroutines, owners } = process.trace;
  const rows: number[] = [];
  let sinceNs = -Infinity;
  for (const row of owners.goroutinesOf(owner)) {
    // The last that ended was progress, too.
    sinceNs = Math.max(sinceNs, goroutines.sinceNs.values[row] as number);
    if (!goroutines.isAlive(row)) continue;
    if (goroutines.state.values[row] !== GO_STATE.waiting || isInTesting(process, row)) return undefined;
    if (!BY_OTHERS.has(waitReasonOf(process, row))) return undefined;
    rows.push(row);
  }
  return rows.length === 0 ? undefined : { rows: rows.reverse(), sinceNs };
}
