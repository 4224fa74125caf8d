import { NONE, pairOutput, type PrintedLine } from '@observe/run';
import type { TraceQuestion } from './questions.ts';
import type { TracedProcess } from './traced-process.ts';

/** By line of a package: row of the test whose goroutine wrote it; NONE: doubtful, or written by none of a test. */
export function askPrinters(
  processes: readonly TracedProcess[],
  { row, atNs, isPlain }: Extract<TraceQuestion, { kind: 'printers' }>,
): Int32Array<ArrayBuffer> {
  const tests = new Int32Array(atNs.length).fill(NONE);
  const lines = Array.from(atNs, (at, line): PrintedLine => ({ atNs: at, isPlain: isPlain[line] === 1 }));
  for (const { trace, pairs, alignment, packageRow } of processes) {
    if (packageRow !== row || pairs === undefined) continue;
    const { owner } = pairOutput(trace, alignment, lines);
    owner.forEach((of, line) => {
      if (of !== NONE) tests[line] = pairs.testOf(of);
    });
  }
  return tests;
}
