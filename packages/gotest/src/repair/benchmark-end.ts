import { defineRepair } from './repair.ts';

const RESULT = /^(?:Benchmark\S*\s+)?\s*\d+\t\s*[\d.]+(?:e[+-]?\d+)? \S+/;

/** `       5\t    454141 ns/op`: the second half of the result line, or all of it. */
export const isBenchmarkResult = (output: string): boolean => RESULT.test(output);

/** Recording: streams/bench. */
export const benchmarkEnd = defineRepair({
  id: 'benchmark-end',
  rule: 'R25',
  what: 'A benchmark that passes has no end event: it ends at its result line, or with its last sub-benchmark.',
  issues: [],
  fixedIn: undefined,
});
