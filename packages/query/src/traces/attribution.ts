import { nsSince, rowAt } from '@observe/base';
import { isTestLog, readFrame } from '@observe/gotest';
import { NONE, rangesOf, testsOf, type OutputRanges, type RunEvent, type RunState } from '@observe/run';
import { eventsIn } from '../events-in.ts';
import type { LogSource } from '../log-source.ts';

/** A package that printed more is not looked through: its lines keep the grade that the stream gives them. */
const MAX_LINES = 200_000;

/** Every line that a package and its tests printed, in the order of its process. Row = line. */
export interface PackageLines {
  readonly length: number;
  /** Seq of its first event, and seq after its last. */
  readonly fromSeq: Float64Array<ArrayBuffer>;
  readonly toSeq: Float64Array<ArrayBuffer>;
  /** Run time of its first event; NaN without Time. */
  readonly atNs: Float64Array<ArrayBuffer>;
  /** 1: neither a frame of testing's, nor what `t.Log` or go test itself prints. */
  readonly isPlain: Uint8Array<ArrayBuffer>;
  /** Row of the test that go test names; NONE: the package. */
  readonly test: Int32Array<ArrayBuffer>;
}

/** Who printed lines, where the trace is sure. */
export interface Attribution {
  /** Seq of a plain line's first event → row of the test that printed it. */
  readonly printedBy: ReadonlyMap<number, number>;
  /** Row of a test → lines of its that go test gives to others: pairs of seqs, as in PackageLines. */
  readonly givenBack: ReadonlyMap<number, readonly (readonly [number, number])[]>;
}

/** Undefined when there are too many, or the stream has no Time. */
export async function readPackageLines(
  state: RunState,
  log: LogSource,
  packageRow: number,
): Promise<PackageLines | undefined> {
  const pkg = rowAt(state.packages, packageRow);
  if (pkg === undefined || state.origin === undefined) return undefined;
  let count = pkg.output.lines;
  for (const { output } of testsOf(state, pkg)) count += output.lines;
  if (count > MAX_LINES) return undefined;
  const owned: [from: number, to: number, wasAlone: number, test: number][] = [];
  const add = (output: OutputRanges, test: number): void => {
    for (const [from, to, wasAlone] of rangesOf(output, state.seq)) owned.push([from, to, wasAlone, test]);
  };
  add(pkg.output, NONE);
  for (const test of testsOf(state, pkg)) add(test.output, test.row);
  owned.sort(([a], [b]) => a - b);
  const ranges = owned.flatMap(([from, to, wasAlone]) => [from, to, wasAlone]);
  const all: OutputRanges = { ranges, length: ranges.length, chars: 0, lines: 0 };

  const lines: Line[] = [];
  let open: Line | undefined;
  let range = 0;
  for await (const events of eventsIn(log, all, state.seq)) {
    for (const { event } of events) {
      if (event.kind !== 'test') continue;
      while (range < owned.length - 1 && event.seq >= (owned[range]?.[1] ?? 0)) range++;
      if (open !== undefined && event.event.outputType === 'frame') lines.push(open);
      if (open === undefined || event.event.outputType === 'frame') {
        const { time } = event.event;
        open = {
          fromSeq: event.seq,
          toSeq: event.seq + 1,
          atNs: time === undefined ? NaN : nsSince(state.origin, time),
          isPlain: isPlain(event),
          test: owned[range]?.[3] ?? NONE,
        };
      } else open.toSeq = event.seq + 1;
      if (!event.event.endsLine) continue;
      lines.push(open);
      open = undefined;
    }
  }
  if (open !== undefined) lines.push(open);
  return {
    length: lines.length,
    fromSeq: Float64Array.from(lines, (line) => line.fromSeq),
    toSeq: Float64Array.from(lines, (line) => line.toSeq),
    atNs: Float64Array.from(lines, (line) => line.atNs),
    isPlain: Uint8Array.from(lines, (line) => (line.isPlain ? 1 : 0)),
    test: Int32Array.from(lines, (line) => line.test),
  };
}

interface Line {
  readonly fromSeq: number;
  toSeq: number;
  readonly atNs: number;
  readonly isPlain: boolean;
  readonly test: number;
}

/** What go test and package testing print of the package itself. */
const OF_THE_RUN =
  /^(?:PASS$|FAIL\b|ok {2}|\? {3}|exit status \d|signal: |coverage: |testing: |goos: |goarch: |pkg: |cpu: |=== |\s*--- )/;

function isPlain({ event }: Extract<RunEvent, { kind: 'test' }>): boolean {
  const text = (event.output ?? '').trimEnd();
  if (event.outputType !== undefined) return false; // `frame`, `error`: testing's own
  return !isTestLog(text) && !OF_THE_RUN.test(text) && readFrame(text) === undefined;
}

/** `printers`: by line, the row of the test that printed it, or NONE. */
export function attribute(lines: PackageLines, printers: Int32Array): Attribution {
  const printedBy = new Map<number, number>();
  const givenBack = new Map<number, (readonly [number, number])[]>();
  for (let line = 0; line < lines.length; line++) {
    const test = printers[line] ?? NONE;
    if (test === NONE) continue;
    const fromSeq = lines.fromSeq[line] as number;
    printedBy.set(fromSeq, test);
    if (lines.test[line] === test) continue;
    const given = givenBack.get(test);
    const range = [fromSeq, lines.toSeq[line] as number] as const;
    if (given === undefined) givenBack.set(test, [range]);
    else given.push(range);
  }
  return { printedBy, givenBack };
}

/** A test's output with the lines that are given back to it. */
export function withGivenBack(
  output: OutputRanges,
  stateSeq: number,
  row: number,
  attribution: Attribution,
): OutputRanges {
  const given = attribution.givenBack.get(row);
  if (given === undefined) return output;
  const all = [...rangesOf(output, stateSeq), ...given.map(([from, to]) => [from, to, 0] as const)];
  const ranges = all.sort(([a], [b]) => a - b).flat();
  return { ...output, ranges, length: ranges.length, lines: output.lines + given.length };
}
