import { ns, type Ns, type WallTime } from '@observe/base';
import { createParser, FLAG, KIND, LineReader, newLineColumns, type LineColumns, type RepairId } from '@observe/gotest';
import type { LogHeader } from '@observe/protocol';
import { reopenRun } from './close.ts';
import { RunDraft, type PackageDraft } from './draft.ts';
import { begin, endByLine, endTest, pause, resume } from './life.ts';
import { addOutput } from './output.ts';
import { createRecordReader } from './reader.ts';
import { foldEvent, settleTime } from './reduce.ts';
import type { RunState } from './state.ts';
import { isAlone } from './text.ts';

/** A record as it lies in a log. */
export interface ByteRecord {
  readonly header: LogHeader;
  readonly payload: Uint8Array;
}

/** Lines read at once. */
const BATCH_LINES = 4096;

/**
 * Folds the records of one log from their bytes: what `createRecordReader` and `reduceRun` make of them, but most lines are
 * never made into an event, nor their text into a string. One of these a log, in any order: it remembers names and their rows.
 *
 * `decode`: bytes[from, to) as UTF-8; invalid bytes become U+FFFD.
 */
export function createRecordFold(
  decode: (bytes: Uint8Array, from: number, to: number) => string,
): (state: RunState, records: readonly ByteRecord[]) => RunState {
  const lines = new LineReader();
  const columns = newLineColumns(BATCH_LINES);
  const parse = createParser();
  const reader = createRecordReader();
  /** Row of the latest execution, by the reader's number for its name; as of the last look. */
  const rows: number[] = [];
  /** The same for packages. */
  const packages: number[] = [];

  return (state, records) => {
    let draft: RunDraft | undefined;
    let { seq } = state;
    for (const { header, payload } of records) {
      if (header.kind !== 'lines' || header.isCut === true) {
        for (const event of reader.read({ header, text: decode(payload, 0, payload.length) })) {
          if (event.seq <= seq) continue; // sent twice after a reconnect
          seq = event.seq;
          draft ??= new RunDraft(state);
          foldEvent(draft, event);
        }
        continue;
      }
      let first = header.seq;
      for (let at = 0; at < payload.length; at = lines.end) {
        const count = lines.read(payload, at, columns);
        const last = first + count - 1;
        if (last > seq) {
          draft ??= new RunDraft(state);
          foldLines(draft, payload, at, Math.max(0, seq + 1 - first), count, first, header.monoNs);
          seq = last;
        }
        first += count;
      }
    }
    if (draft === undefined) return state;
    draft.run.seq = seq;
    return draft.finish();
  };

  function foldLines(
    draft: RunDraft,
    bytes: Uint8Array,
    start: number,
    from: number,
    to: number,
    seq: number,
    monoNs: number,
  ): void {
    draft.run.lastMonoNs = monoNs;
    if (draft.run.end?.reason === 'lost') reopenRun(draft);
    for (let i = from; i < to; i++) {
      if (columns.kinds[i] === KIND.run ? foldRun(draft, bytes, i) : foldQuickly(draft, columns, i, rows, seq + i))
        continue;
      const begin = i === 0 ? start : (columns.ends[i - 1] ?? 0) + 1;
      const end = columns.ends[i] ?? 0;
      const text = decode(bytes, begin, end > begin && bytes[end - 1] === 0x0d ? end - 1 : end);
      const event = parse(text);
      if (event === undefined) {
        foldEvent(draft, { kind: 'stray', seq: seq + i, monoNs, text, isCut: false });
        continue;
      }
      foldEvent(draft, { kind: 'test', seq: seq + i, monoNs, event });
      const name = columns.names[i] ?? -1;
      if (name < 0 || event.test === undefined) continue;
      const pkg = draft.packageNamed(event.package ?? '');
      packages[lines.packageOf(name)] = pkg.row;
      const row = draft.latest(pkg, event.test);
      if (row !== undefined) rows[name] = row;
    }
  }

  function foldRun(draft: RunDraft, bytes: Uint8Array, i: number): boolean {
    const name = columns.names[i] ?? -1;
    const row = packages[lines.packageOf(name)];
    const { origin } = draft.run;
    if (row === undefined || row >= draft.packageCount || origin === undefined) return false;
    const pkg = draft.package(row);
    if (pkg.outcome !== 'running') return false;
    draft.quality.events++;
    draft.quality.hasPackage = true;
    const atNs = timeAt(draft, pkg, columns, i, origin);
    const end = (columns.ends[i] ?? 0) - 2;
    rows[name] = begin(draft, pkg, decode(bytes, end - (columns.sizes[i] ?? 0), end), atNs, NO_REPAIRS).row;
    return true;
  }
}

const NO_REPAIRS: readonly RepairId[] = [];
const MARKS = ['PASS', 'FAIL', 'SKIP'] as const;
const OUTCOMES = ['pass', 'fail', 'skip'] as const;

/** Folds a line that needs no look at its text. False: nothing is done, its event has to be folded. */
function foldQuickly(draft: RunDraft, columns: LineColumns, i: number, rows: readonly number[], seq: number): boolean {
  const kind = columns.kinds[i] ?? KIND.other;
  if (kind === KIND.other) return false;
  const row = rows[columns.names[i] ?? -1];
  const { origin } = draft.run;
  if (row === undefined || origin === undefined || !draft.isLatest(row)) return false;
  const flags = columns.flags[i] ?? 0;
  const test = draft.test(row);
  const pkg = draft.package(test.package);
  const { scan } = pkg;
  const { quality } = draft;
  if (pkg.outcome !== 'running') return false;
  if (kind < KIND.step) {
    if (test.phase === undefined) return false;
  } else {
    if (scan.head !== undefined || scan.raceRule !== undefined) return false;
    if (kind === KIND.plain) {
      const isCalm = !scan.isMidLine && !scan.isInRace && !scan.isLowFidelity && scan.longFrame === '';
      if (!isCalm || test.kind === 'benchmark') return false;
    } else if ((flags & FLAG.isFrame) === 0 && (quality.hasOutputType || (flags & FLAG.hasOutputType) !== 0))
      return false;
  }

  quality.events++;
  quality.hasPackage = true;
  if ((flags & FLAG.hasOutputType) !== 0) quality.hasOutputType = true;
  const atNs = timeAt(draft, pkg, columns, i, origin);
  const told = columns.elapsed[i] ?? NaN;
  const elapsed = Number.isNaN(told) ? undefined : told;
  if (kind === KIND.pause) pause(draft, pkg, test, atNs);
  else if (kind === KIND.cont) resume(draft, pkg, test, atNs);
  else if (kind < KIND.step) endTest(draft, pkg, test, OUTCOMES[kind - KIND.pass] ?? 'pass', atNs, elapsed);
  else {
    if (kind !== KIND.step && kind !== KIND.plain) {
      endByLine(draft, pkg, test, { mark: MARKS[kind - KIND.passed] ?? 'PASS', name: test.name, elapsed }, atNs);
    }
    const ended = flags & FLAG.endsLine;
    scan.isMidLine = ended === 0;
    test.output = addOutput(test.output, seq, isAlone(pkg, test), columns.sizes[i] ?? 0, ended);
  }
  return true;
}

function timeAt(draft: RunDraft, pkg: PackageDraft, columns: LineColumns, i: number, origin: WallTime): Ns {
  const sinceNs = ((columns.seconds[i] ?? 0) - origin.s) * 1e9 + ((columns.nanos[i] ?? 0) - origin.ns);
  const atNs = settleTime(draft, pkg, ns(sinceNs));
  pkg.startNs ??= atNs;
  return atNs;
}
