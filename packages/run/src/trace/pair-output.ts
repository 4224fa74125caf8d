import { NONE } from '../state.ts';
import { traceNsOf, type TraceAlignment } from './align-trace.ts';
import { OWNER } from './owner-kind.ts';
import type { PrintLog } from './print-log.ts';
import type { ProcessTrace } from './process-trace.ts';

/** A line that a package printed. */
export interface PrintedLine {
  /** Its Time, in ns of the run. Times do not go back. */
  readonly atNs: number;
  /** Not a frame of testing's, not shaped like a line of `t.Log`. Others are left out here. */
  readonly isPlain: boolean;
}

/** Who printed each line. Row = line. */
export interface OutputOwners {
  /** Row of the owners; NONE: doubtful, or not a plain line. */
  readonly owner: Int32Array<ArrayBuffer>;
  /** Plain lines of which nobody can say it. */
  readonly doubtful: number;
}

/** A line is stamped this much after its write at the latest (seldom 1 ms, measured); else what is near is doubtful. */
const DELAY_NS = 10e6;
/** So many times a function wrote alone, and each time a line came: what it writes is output. */
const LEARNED = 3;

/**
 * The plain lines of a package in order ↔ the writes of its process in order. Quiet time cuts both into stretches. A stretch with as
 * many lines as writes that surely print, each line soon after its write, is told; every other one is doubtful as a whole: there were
 * lines without a write (a subprocess, `println`), several lines in one write, parts of a line, or writes of which nobody knows whether
 * they print.
 */
export function pairOutput(
  trace: ProcessTrace,
  alignment: TraceAlignment,
  lines: readonly PrintedLine[],
): OutputOwners {
  const owner = new Int32Array(lines.length).fill(NONE);
  const plain = lines.flatMap(({ isPlain }, place) => (isPlain ? [place] : []));
  let doubtful = plain.length;
  if (alignment.quality === 'unknown') return { owner, doubtful };

  const { prints, goroutines } = trace;
  const { errorNs } = alignment;
  const lineNs = plain.map((place) => traceNsOf(alignment, lines[place]?.atNs ?? NaN) ?? NaN);
  const printing = learn(prints, lineNs, errorNs);
  const writes = rowsWhere(
    prints,
    (row) => prints.isSure.values[row] === 1 || printing.has(prints.by.values[row] ?? NONE),
  );
  const writeNs = writes.map((row) => prints.atNs.values[row] as number);
  visitStretches(writeNs, lineNs, errorNs, ({ fromWrite, toWrite, fromLine, toLine }) => {
    const count = toLine - fromLine;
    if (count !== toWrite - fromWrite) return;
    for (let i = 0; i < count; i++) {
      const lateNs = (lineNs[fromLine + i] as number) - (writeNs[fromWrite + i] as number);
      if (lateNs < -errorNs || lateNs > DELAY_NS + errorNs) return;
    }
    for (let i = 0; i < count; i++) {
      const of = goroutines.owner.values[prints.goroutine.values[writes[fromWrite + i] as number] as number] as number;
      if (of === OWNER.unknown) continue;
      owner[plain[fromLine + i] as number] = of;
      doubtful--;
    }
  });
  return { owner, doubtful };
}

/** Functions that print, though their stacks do not say so: whenever they wrote and nobody else did, as many lines came. */
function learn(prints: PrintLog, lineNs: readonly number[], errorNs: number): ReadonlySet<number> {
  const heard = new Map<number, number>();
  const rows = rowsWhere(prints, () => true);
  const writeNs = rows.map((row) => prints.atNs.values[row] as number);
  visitStretches(writeNs, lineNs, errorNs, ({ fromWrite, toWrite, fromLine, toLine }) => {
    const by = prints.by.values[fromWrite] as number;
    for (let write = fromWrite; write < toWrite; write++) {
      if (prints.isSure.values[write] === 1 || prints.by.values[write] !== by) return;
    }
    const isHeard = toLine - fromLine === toWrite - fromWrite;
    heard.set(by, isHeard ? (heard.get(by) ?? 0) + 1 : Number.NEGATIVE_INFINITY);
  });
  return new Set([...heard].flatMap(([by, count]) => (count >= LEARNED && by !== NONE ? [by] : [])));
}

const rowsWhere = ({ length }: PrintLog, holds: (row: number) => boolean): readonly number[] =>
  Array.from({ length }, (_, row) => row).filter(holds);

/** Writes and lines that may belong together; no line outside may belong to a write inside. */
interface Stretch {
  readonly fromWrite: number;
  readonly toWrite: number;
  readonly fromLine: number;
  readonly toLine: number;
}

/** Lines that come long after every write, or before the first, are in no stretch. */
function visitStretches(
  writeNs: readonly number[],
  lineNs: readonly number[],
  errorNs: number,
  visit: (stretch: Stretch) => void,
): void {
  for (let write = 0, line = 0; write < writeNs.length;) {
    while (line < lineNs.length && !((lineNs[line] as number) + errorNs >= (writeNs[write] as number))) line++;
    const fromWrite = write;
    const fromLine = line;
    let untilNs = Number.POSITIVE_INFINITY; // the first write opens the stretch
    for (;;) {
      const nextNs = (writeNs[write] ?? Number.POSITIVE_INFINITY) - errorNs;
      if (write < writeNs.length && (write === fromWrite || nextNs <= untilNs)) {
        untilNs = nextNs + DELAY_NS + 2 * errorNs;
        write++;
      } else if (line < lineNs.length && (lineNs[line] as number) <= untilNs) line++;
      else break;
    }
    visit({ fromWrite, toWrite: write, fromLine, toLine: line });
  }
}
