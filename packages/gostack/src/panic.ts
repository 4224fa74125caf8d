import type { Ns } from '@observe/base';
import { parseGoDuration } from './duration.ts';

/** One `panic: …` of the chain that Go prints. */
export interface PanicValue {
  /** As printed, without `panic: `, the indent of its further lines, and the mark of recovery. */
  readonly text: string;
  /** `recovered` and raised once more by the same value: `recovered, repanicked` (1.25+), or a second `panic:` before. */
  readonly recovery: 'recovered' | 'recovered, repanicked' | undefined;
}

/** `panic: test timed out after 3s`. */
export interface Timeout {
  /** As `-timeout` prints: `1m30s`. */
  readonly afterText: string;
  readonly afterNs: Ns | undefined;
  /**
   * Tests that were running, parents too; those that wait in `t.Parallel` are not listed. Undefined: Go made no list
   * (before 1.20).
   */
  readonly running: readonly RunningTest[] | undefined;
}

export interface RunningTest {
  readonly test: string;
  /** Since the test began or went on, in whole seconds, as printed. */
  readonly elapsedText: string;
  readonly elapsedNs: Ns | undefined;
}

const NESTED = '\tpanic: ';

/**
 * The chain from the message's lines; the first has lost its `panic: `. Go indents the further lines of a message by one
 * TAB since 1.23 (`isIndented`); before, they stand as the program wrote them.
 */
export function parsePanics(lines: readonly string[], isIndented: boolean): readonly PanicValue[] {
  const values: string[][] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0) values.push([line]);
    else if (line.startsWith(NESTED)) values.push([line.slice(NESTED.length)]);
    else values.at(-1)?.push(isIndented && line.startsWith('\t') ? line.slice(1) : line);
  }
  return values.map((value) => splitRecovery(value.join('\n')));
}

function splitRecovery(text: string): PanicValue {
  for (const recovery of ['recovered', 'recovered, repanicked'] as const) {
    const suffix = ` [${recovery}]`;
    if (text.endsWith(suffix)) return { text: text.slice(0, -suffix.length), recovery };
  }
  return { text, recovery: undefined };
}

const TIMED_OUT = 'test timed out after ';

/** Reads the message of `testing`'s alarm; undefined when it is another panic. */
export function parseTimeout(message: string): Timeout | undefined {
  if (!message.startsWith(TIMED_OUT)) return undefined;
  const [first = '', ...more] = message.split('\n');
  const afterText = first.slice(TIMED_OUT.length);
  const list = more.indexOf('running tests:');
  return {
    afterText,
    afterNs: parseGoDuration(afterText),
    running: list === -1 ? undefined : more.slice(list + 1).flatMap(parseRunning),
  };
}

/** `\tTestX (3s)` */
function parseRunning(line: string): RunningTest[] {
  const open = line.lastIndexOf(' (');
  if (!line.startsWith('\t') || !line.endsWith(')') || open === -1) return [];
  const elapsedText = line.slice(open + 2, -1);
  return [{ test: line.slice(1, open), elapsedText, elapsedNs: parseGoDuration(elapsedText) }];
}
