import { assertNever, nsSince, rowAt } from '@observe/base';
import { isTestLog, readFrame } from '@observe/gotest';
import { SCHEMA, type LineGrade, type LineKind, type OutputAnswer, type OutputLine } from '@observe/protocol';
import type { OutputRanges, RunEvent, RunState } from '@observe/run';
import { eventsIn } from './events-in.ts';
import type { LogSource } from './log-source.ts';
import { withGivenBack, type Attribution } from './traces/attribution.ts';

/** Whose output. `process`: panics, dumps and race reports of a package, whatever test Go pinned them on. */
export type OutputOf =
  | { readonly kind: 'test'; readonly row: number }
  | { readonly kind: 'package'; readonly row: number }
  | { readonly kind: 'process'; readonly row: number }
  | { readonly kind: 'build'; readonly row: number }
  | { readonly kind: 'strays' };

/** Which lines: `limit` of them from index `from`, or the last `limit` when `isTail`. */
export interface Page {
  readonly from: number;
  readonly limit: number;
  readonly isTail?: boolean;
}

/** Most lines of one answer. */
export const MAX_LINES = 10_000;
/** UTF-16 code units shown of one line; the rest is cut, with `…` and the length. */
export const MAX_SHOWN_LINE = 32_768;
/** A line between two of these is found without reading from the beginning. */
const MARK_EVERY = 2000;

export interface OutputReader {
  /** `attribution`: who printed the lines of the test's or package's process, where a trace tells. */
  read(state: RunState, of: OutputOf, page: Page, attribution?: Attribution): Promise<OutputAnswer>;
}

/** One output that was read before: where some of its lines begin. */
interface Known {
  /** [index of a line, seq of the event that begins it], ascending. */
  readonly marks: (readonly [number, number])[];
  readonly attribution: Attribution | undefined;
}

/**
 * Reads output out of a log, whole lines joined from Go's pieces of 1,024 bytes. It remembers where lines lie, so that
 * following a long output does not read it all again; keep one reader for each open run.
 */
export function createOutputReader(log: LogSource): OutputReader {
  const known = new Map<string, Known>();
  return {
    async read(state, of, page, attribution) {
      const output = outputWith(state, of, attribution);
      if (output === undefined) return { schema: SCHEMA, total: 0, from: 0, lines: [] };
      const key = of.kind === 'strays' ? of.kind : `${of.kind}:${of.row}`;
      let memory = known.get(key);
      // Output moves when a package dies: what was a test's becomes the process's.
      if (memory === undefined || memory.attribution !== attribution || !isWithin(output, memory)) {
        known.set(key, (memory = { marks: [[0, 0]], attribution }));
      }
      return readPage(state, log, of, output, page, memory);
    },
  };
}

/** One answer, without a memory. */
export const readOutput = (state: RunState, log: LogSource, of: OutputOf, page: Page): Promise<OutputAnswer> =>
  createOutputReader(log).read(state, of, page);

function outputWith(state: RunState, of: OutputOf, attribution: Attribution | undefined): OutputRanges | undefined {
  const output = outputOf(state, of);
  if (output === undefined || attribution === undefined || of.kind !== 'test') return output;
  return withGivenBack(output, state.seq, of.row, attribution);
}

export function outputOf(state: RunState, of: OutputOf): OutputRanges | undefined {
  switch (of.kind) {
    case 'test':
      return rowAt(state.tests, of.row)?.output;
    case 'package':
      return rowAt(state.packages, of.row)?.output;
    case 'process':
      return rowAt(state.packages, of.row)?.processOutput;
    case 'build':
      return rowAt(state.builds, of.row)?.output;
    case 'strays':
      return state.quality.strayOutput;
    default:
      return assertNever(of);
  }
}

function isWithin(output: OutputRanges, { marks }: Known): boolean {
  const last = marks.at(-1)?.[1] ?? 0;
  return last === 0 || last < (output.ranges[output.length - 2] ?? 0);
}

async function readPage(
  state: RunState,
  log: LogSource,
  of: OutputOf,
  output: OutputRanges,
  page: Page,
  memory: Known,
): Promise<OutputAnswer> {
  const limit = Math.min(Math.max(1, page.limit), MAX_LINES);
  const lines: OutputLine[] = [];
  const wantFrom = page.isTail === true ? Math.max(0, output.lines - limit) : Math.max(0, page.from);
  const mark = memory.marks.findLast(([index]) => index <= wantFrom) ?? [0, 0];
  let index = mark[0];
  let pending: Pending | undefined;
  let hasMore = false;
  const finish = (): void => {
    if (pending === undefined) return;
    if (index >= wantFrom && (page.isTail === true || lines.length < limit)) lines.push(shown(pending));
    index++;
    pending = undefined;
  };
  reading: for await (const events of eventsIn(log, output, state.seq, mark[1])) {
    for (const { event, wasAlone } of events) {
      for (const piece of piecesOf(event)) {
        if (pending !== undefined && piece.isStart) finish();
        if (pending === undefined) {
          if (page.isTail !== true && lines.length >= limit) {
            hasMore = true;
            break reading;
          }
          if (index % MARK_EVERY === 0 && index > (memory.marks.at(-1)?.[0] ?? 0) && piece.isFirst) {
            memory.marks.push([index, event.seq]);
          }
          pending = begin(state, of, event, wasAlone, piece.text, memory.attribution);
        } else {
          pending.length += piece.text.length;
          if (pending.text.length < MAX_SHOWN_LINE) pending.text += piece.text;
        }
        if (piece.isEnd) finish();
      }
    }
  }
  finish();
  // Of an output that was split, the fold knows the number of lines only about: where it was too high, look again.
  if (page.isTail === true && lines.length < Math.min(limit, index)) {
    return readPage(state, log, of, output, { from: Math.max(0, index - limit), limit }, memory);
  }
  const skip = page.isTail === true ? Math.max(0, lines.length - limit) : 0;
  const total = hasMore ? Math.max(index, output.lines) : index;
  return { schema: SCHEMA, total, from: wantFrom + skip, lines: lines.slice(skip) };
}

interface Pending {
  readonly seq: number;
  readonly atNs: number | null;
  readonly kind: LineKind;
  readonly grade: LineGrade;
  readonly test: string | undefined;
  readonly printedBy: OutputLine['printedBy'];
  text: string;
  length: number;
}

interface Piece {
  readonly text: string;
  /** The event's first. */
  readonly isFirst: boolean;
  /** A frame begins a line, whatever came before. */
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

/** An event holds one line, a piece of one, or (build output) several. */
function piecesOf(event: RunEvent): readonly Piece[] {
  if (event.kind === 'stray') return [{ text: event.text, isFirst: true, isStart: true, isEnd: true }];
  if (event.kind !== 'test') return [];
  const text = event.event.output ?? '';
  const isStart = event.event.outputType === 'frame';
  const parts = text.split('\n');
  const last = parts.length - 1;
  return parts.map((part, i) => ({
    text: part,
    isFirst: i === 0,
    isStart: isStart && i === 0,
    isEnd: i < last || event.event.endsLine,
  }));
}

function begin(
  state: RunState,
  of: OutputOf,
  event: RunEvent,
  wasAlone: boolean,
  text: string,
  attribution: Attribution | undefined,
): Pending {
  const printer = attribution?.printedBy.get(event.seq);
  const kind = kindOf(of, event, text);
  const time = event.kind === 'test' ? event.event.time : undefined;
  return {
    seq: event.seq,
    atNs: time === undefined || state.origin === undefined ? null : nsSince(state.origin, time),
    kind,
    grade: printer === undefined ? gradeOf(of, kind, wasAlone) : 'certain',
    ...namesOf(state, of, event, printer),
    text,
    length: text.length,
  };
}

function kindOf(of: OutputOf, event: RunEvent, text: string): LineKind {
  if (event.kind !== 'test') return of.kind === 'build' ? 'build' : 'stray';
  if (of.kind === 'build') return 'build';
  if (of.kind === 'process') return 'crash';
  const type = event.event.outputType;
  if (type === 'frame') return 'frame';
  if (type === 'error' || type === 'error-continue') return 'error';
  if (type === undefined && event.event.test !== undefined && readFrame(text)?.name === event.event.test)
    return 'frame';
  return isTestLog(text) ? 'log' : 'print';
}

/** The test that the stream names, where that is not plain; and the one that printed the line, where the stream names another or none. */
function namesOf(
  state: RunState,
  of: OutputOf,
  event: RunEvent,
  printer: number | undefined,
): Pick<Pending, 'test' | 'printedBy'> {
  const named = event.kind === 'test' ? event.event.test : undefined;
  const test = printer === undefined ? undefined : rowAt(state.tests, printer);
  const isElsewhere = test !== undefined && (named !== test.name || (of.kind === 'test' && of.row !== printer));
  const printedBy = isElsewhere ? { test: test.name, occurrence: test.occurrence } : undefined;
  return { test: of.kind === 'process' || isElsewhere ? named : undefined, printedBy };
}

/** Go pins a plain line on whichever test framed last: with one test active that is likely right, else it is a guess. */
function gradeOf(of: OutputOf, kind: LineKind, wasAlone: boolean): LineGrade {
  if (of.kind !== 'test' || kind !== 'print') return 'certain';
  return wasAlone ? 'likely' : 'uncertain';
}

function shown({ text, length, test, printedBy, ...line }: Pending): OutputLine {
  const isCut = length > MAX_SHOWN_LINE;
  return {
    ...line,
    text: isCut ? `${text.slice(0, MAX_SHOWN_LINE)}… (${length.toLocaleString('en-US')} characters)` : text,
    ...(test === undefined ? {} : { test }),
    ...(printedBy === undefined ? {} : { printedBy }),
  };
}
