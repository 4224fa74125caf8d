import { createParser, readFrame } from '@observe/gotest';

/** What a stream is made of. Shares are of its events. */
export interface Mix {
  readonly events: number;
  readonly tests: number;
  /** Share of each action; output events by what they say. */
  readonly shares: ReadonlyMap<string, number>;
  /** Line lengths in bytes: the smallest, 10, 50, 90, 99 of 100, the longest. */
  readonly lengths: readonly number[];
  readonly meanLength: number;
  /** Share of lines whose package (test) is not that of the line before. */
  readonly packageSwitches: number;
  readonly testSwitches: number;
}

const QUANTILES = [0, 0.1, 0.5, 0.9, 0.99, 1];

/** Measures a stream. Costs memory for the length of each line. */
export function mixOf(lines: Iterable<string>): Mix {
  const parse = createParser();
  const counts = new Map<string, number>();
  const tests = new Set<string>();
  const lengths: number[] = [];
  let packageSwitches = 0;
  let testSwitches = 0;
  let [pkg, test]: (string | undefined)[] = [];
  for (const line of lines) {
    const event = parse(line);
    if (event === undefined) continue;
    lengths.push(Buffer.byteLength(line) + 1);
    const kind = event.output === undefined ? event.action : `output ${outputKind(event.output)}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (event.test !== undefined) tests.add(`${event.package ?? ''} ${event.test}`);
    if (event.package !== pkg) packageSwitches++;
    if (event.package !== pkg || event.test !== test) testSwitches++;
    pkg = event.package;
    test = event.test;
  }
  const events = lengths.length;
  lengths.sort((a, b) => a - b);
  return {
    events,
    tests: tests.size,
    shares: new Map([...counts].sort((a, b) => b[1] - a[1]).map(([kind, count]) => [kind, count / events])),
    lengths: QUANTILES.map((q) => lengths[Math.min(events - 1, Math.floor(q * events))] ?? 0),
    meanLength: lengths.reduce((sum, length) => sum + length, 0) / events,
    packageSwitches: packageSwitches / events,
    testSwitches: testSwitches / events,
  };
}

const outputKind = (output: string): string => {
  const mark = readFrame(output)?.mark;
  if (mark !== undefined) return mark;
  return /^ {4}(?: {4})*[^\s:][^:\n]*\.go:\d+: /.test(output) ? 'of t.Log' : 'else';
};
