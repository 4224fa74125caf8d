import { NONE } from '../state.ts';
import { traceNsOf, type TraceAlignment } from './align-trace.ts';
import { OWNER } from './owner-kind.ts';
import type { ProcessTrace } from './process-trace.ts';

/** A line that a package printed. */
export interface PrintedLine {
  /** Its Time, in ns of the run. */
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

/** A line is not stamped later than this after its write, or the machine was so busy that nothing is certain. */
const DELAY_NS = 20e6;

/**
 * The plain lines of a package in order ↔ the writes of its process in order. A line is stamped after its write, soon. What is said is
 * certain under that condition: a line has an owner only if every way of giving each line a write of its own, in their order, gives it
 * the same one. So a write to another file makes the lines near it doubtful; a line without a write (a subprocess, `println`, several
 * lines at once) all lines around it.
 */
export function pairOutput(
  trace: ProcessTrace,
  alignment: TraceAlignment,
  lines: readonly PrintedLine[],
): OutputOwners {
  const owner = new Int32Array(lines.length).fill(NONE);
  const places: number[] = [];
  const lineNs: number[] = [];
  lines.forEach(({ atNs, isPlain }, place) => {
    if (!isPlain) return;
    places.push(place);
    lineNs.push(traceNsOf(alignment, atNs) ?? NaN);
  });
  const { atNs, goroutine, length } = trace.prints;
  const owners = trace.goroutines.owner.values;
  const ownerOf = (write: number): number => owners[goroutine.values[write] as number] as number;
  let doubtful = places.length;
  if (alignment.quality !== 'unknown') {
    visitStretches(atNs.values, length, lineNs, alignment.errorNs, (stretch) => {
      pairStretch(stretch, atNs.values, lineNs, alignment.errorNs, ownerOf, (line, of) => {
        if (of === OWNER.unknown) return;
        owner[places[line] as number] = of;
        doubtful--;
      });
    });
  }
  return { owner, doubtful };
}

/** Writes and lines that may belong together; no line outside may belong to a write inside. */
interface Stretch {
  readonly fromWrite: number;
  readonly toWrite: number;
  readonly fromLine: number;
  readonly toLine: number;
}

function visitStretches(
  writeNs: Float64Array,
  writes: number,
  lineNs: readonly number[],
  errorNs: number,
  visit: (stretch: Stretch) => void,
): void {
  for (let w = 0, l = 0; w < writes;) {
    const fromWrite = w;
    let untilNs = Number.NEGATIVE_INFINITY;
    // Lines before the first write are nobody's.
    while (l < lineNs.length && !((lineNs[l] as number) + errorNs >= (writeNs[w] as number))) l++;
    const fromLine = l;
    for (;;) {
      const nextNs = w < writes ? (writeNs[w] as number) - errorNs : Infinity;
      if (nextNs <= untilNs || untilNs === Number.NEGATIVE_INFINITY) {
        untilNs = nextNs + DELAY_NS + 2 * errorNs;
        w++;
      } else if (l < lineNs.length && (lineNs[l] as number) <= untilNs) l++;
      else break;
    }
    visit({ fromWrite, toWrite: w, fromLine, toLine: l });
  }
}

/** Pairs as early and as late as can be: where both say the same owner, and what lies between, it is certain. */
function pairStretch(
  { fromWrite, toWrite, fromLine, toLine }: Stretch,
  writeNs: Float64Array,
  lineNs: readonly number[],
  errorNs: number,
  ownerOf: (write: number) => number,
  tell: (line: number, owner: number) => void,
): void {
  const count = toLine - fromLine;
  if (count === 0 || count > toWrite - fromWrite) return;
  const first = new Int32Array(count);
  const last = new Int32Array(count);
  for (let i = 0, w = fromWrite; i < count; i++, w++) {
    while (w < toWrite && (lineNs[fromLine + i] as number) - (writeNs[w] as number) > DELAY_NS + errorNs) w++;
    if (w >= toWrite || (writeNs[w] as number) - (lineNs[fromLine + i] as number) > errorNs) return;
    first[i] = w;
  }
  for (let i = count - 1, w = toWrite - 1; i >= 0; i--, w--) {
    while (w >= fromWrite && (writeNs[w] as number) - (lineNs[fromLine + i] as number) > errorNs) w--;
    last[i] = w;
  }
  // Owners change along the writes; a run of one owner ends at `sameUntil`.
  for (let i = 0, sameUntil = -1; i < count; i++) {
    const from = first[i] as number;
    const owner = ownerOf(from);
    if (sameUntil < from) sameUntil = from;
    while (sameUntil < (last[i] as number) && ownerOf(sameUntil + 1) === owner) sameUntil++;
    if (sameUntil >= (last[i] as number)) tell(fromLine + i, owner);
  }
}
