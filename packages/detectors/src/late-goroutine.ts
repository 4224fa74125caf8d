import { OPEN } from '@observe/gotrace';
import { OWNER, type RunState } from '@observe/run';
import { defineDetector, type Claim } from './detector.ts';
import type { TracedProcess } from './facts.ts';
import { testEvidence, testRef } from './run-reading.ts';
import { goroutineEvidence, intervalEvidence, testOfOwner, testOwners, topOwner } from './trace-reading.ts';
import { TRACE_WORDS } from './trace-words.ts';

/** What a test's goroutines did after it. */
interface Deeds {
  readonly goroutines: Set<number>;
  prints: number;
  wakes: number;
  fromNs: number;
  toNs: number;
}

/** Claims: a goroutine that outlives its test printed, or woke goroutines of other tests, when its test was over. */
export const lateGoroutine = defineDetector({
  id: 'late-goroutine',
  needs: ['run', 'traces'],
  detect: ({ run, traces }) => {
    const claims: Claim[] = [];
    for (const process of traces) {
      for (const [owner, deeds] of deedsOf(process)) {
        const test = testOfOwner(run, process, owner);
        const during = testsDuring(run, process, owner, deeds);
        const { startFunc } = process.trace.goroutines;
        const [first = 0] = deeds.goroutines;
        claims.push({
          severity: 'warning',
          confidence: 'certain',
          words: TRACE_WORDS.lateGoroutine({
            test: test?.name,
            prints: deeds.prints,
            wakes: deeds.wakes,
            forNs: deeds.toNs - (process.trace.owners.endedNs.values[topOwner(process, owner)] as number),
            during,
          }),
          tests: test === undefined ? [] : [testRef(run, test)],
          site: process.trace.symbols.string(startFunc.values[first] ?? -1),
          evidence: [
            ...(test === undefined ? [] : [testEvidence(run, test, 'had ended')]),
            intervalEvidence(process, deeds.fromNs, deeds.toNs, 'acted after its test'),
            ...[...deeds.goroutines].map((row) => goroutineEvidence(run, process, row, 'acted after its test')),
          ],
        });
      }
    }
    return claims;
  },
});

function deedsOf(process: TracedProcess): Map<number, Deeds> {
  const { prints, goroutines, crossWakes } = process.trace;
  const all = new Map<number, Deeds>();
  const of = (owner: number, atNs: number): Deeds => {
    let deeds = all.get(owner);
    if (deeds === undefined) {
      deeds = { goroutines: new Set<number>(), prints: 0, wakes: 0, fromNs: atNs, toNs: atNs };
      all.set(owner, deeds);
    }
    deeds.fromNs = Math.min(deeds.fromNs, atNs);
    deeds.toNs = Math.max(deeds.toNs, atNs);
    return deeds;
  };
  for (let i = 0; i < prints.length; i++) {
    const row = prints.goroutine.values[i] as number;
    const owner = goroutines.owner.values[row] as number;
    const atNs = prints.atNs.values[i] as number;
    if (prints.isSure.values[i] !== 1 || !isAfter(process, owner, atNs)) continue;
    const deeds = of(owner, atNs);
    deeds.prints++;
    deeds.goroutines.add(row);
  }
  for (let row = 0; row < crossWakes.length; row++) {
    const late = crossWakes.late.values[row] as number;
    const from = crossWakes.from.values[row] as number;
    const lastNs = crossWakes.lastNs.values[row] as number;
    if (late > 0 && isAfter(process, from, lastNs)) of(from, lastNs).wakes += late;
  }
  return all;
}

/** The whole test is over, not only a subtest, whose goroutines its parent may still need. */
const isAfter = (process: TracedProcess, owner: number, atNs: number): boolean =>
  owner > OWNER.unknown && (process.trace.owners.endedNs.values[topOwner(process, owner)] as number) < atNs;

/** Names of top-level tests that ran meanwhile. */
function testsDuring(run: RunState, process: TracedProcess, owner: number, { fromNs, toNs }: Deeds): string[] {
  const { createdNs, endedNs } = process.trace.owners;
  const top = topOwner(process, owner);
  const names: string[] = [];
  for (const [other, test] of testOwners(run, process)) {
    if (test === undefined || other === top || topOwner(process, other) !== other) continue;
    const isThen = (createdNs.values[other] as number) < toNs && (endedNs.values[other] ?? OPEN) > fromNs;
    if (isThen) names.push(test.name);
  }
  return names;
}
