import type { Ns } from '@observe/base';
import { parseGoDuration } from './duration.ts';
import { wholeNumber } from './whole-number.ts';

/** One line of `go test`, of `testing` or of the race detector about how things went. A program can print the same. */
export type Mark = MarkFact & {
  /** The caller's position of the line. */
  readonly at: number;
  readonly text: string;
};

export type MarkFact =
  | { readonly kind: 'exit-status'; readonly code: number }
  /** `signal: killed`, `signal: interrupt`; the name as Go spells it. */
  | { readonly kind: 'signal'; readonly signal: string; readonly isCoreDumped: boolean }
  /** `*** Test killed with quit: ran too long (11m0s).`; `signal` is absent when it was not by quit. */
  | { readonly kind: 'test-killed'; readonly signal: string | undefined; readonly afterNs: Ns | undefined }
  /** `*** Test I/O incomplete 5s after exiting.`: a child process kept the output open. */
  | { readonly kind: 'io-incomplete'; readonly afterNs: Ns | undefined }
  /** `testing.go:N: race detected during execution of test`: a log line, so the event's `Test` is right. */
  | { readonly kind: 'race-in-test' }
  | { readonly kind: 'race-outside-test' }
  /** `Found N data race(s)`: the process exits with 66. */
  | { readonly kind: 'races-found'; readonly count: number };

const SIGNAL = /^signal: ([\w /-]+?)( \(core dumped\))?$/;
const KILLED = /^\*\*\* Test killed(?: with ([a-z]+))?: ran too long \(([^ )]+)\)\.$/;
const IO_INCOMPLETE = /^\*\*\* Test I\/O incomplete ([^ ]+) after exiting\.$/;
const RACE_IN_TEST = /^\s+testing\.go:\d+: race detected during execution of test$/;
const RACES_FOUND = /^Found (\d+) data race\(s\)$/;
/** No mark is longer: a long line is spared the patterns. */
const LONGEST = 200;

/** What a line says, if it is a mark. */
export function parseMark(line: string): MarkFact | undefined {
  if (line.length > LONGEST) return undefined;
  if (line.startsWith('exit status ')) {
    const code = wholeNumber(line.slice('exit status '.length));
    return code === undefined ? undefined : { kind: 'exit-status', code };
  }
  if (line.startsWith('signal: ')) {
    const match = SIGNAL.exec(line);
    return match ? { kind: 'signal', signal: match[1] ?? '', isCoreDumped: match[2] !== undefined } : undefined;
  }
  if (line.startsWith('*** Test ')) return parseStars(line);
  if (line === 'testing: race detected outside of test execution') return { kind: 'race-outside-test' };
  if (line.startsWith('Found ')) {
    const count = wholeNumber(RACES_FOUND.exec(line)?.[1] ?? '');
    return count === undefined ? undefined : { kind: 'races-found', count };
  }
  return RACE_IN_TEST.test(line) ? { kind: 'race-in-test' } : undefined;
}

function parseStars(line: string): MarkFact | undefined {
  const killed = KILLED.exec(line);
  if (killed) return { kind: 'test-killed', signal: killed[1], afterNs: parseGoDuration(killed[2] ?? '') };
  const io = IO_INCOMPLETE.exec(line);
  return io ? { kind: 'io-incomplete', afterNs: parseGoDuration(io[1] ?? '') } : undefined;
}
