import type { Ns } from '@observe/base';
import {
  FRAME_MARK,
  isBenchmarkResult,
  isCachedLine,
  isGoroutineHeader,
  isIoIncomplete,
  isRaceMark,
  isRaceRule,
  isRaceWarning,
  isRunningTests,
  isTestLog,
  isTestName,
  MAX_FRAME_CHARS,
  isFrameOf,
  readFailedStep,
  readFrame,
  readHead,
  readMidlineFrame,
  readResult,
  readRunningTest,
  type Frame,
  type TestEvent,
} from '@observe/gotest';
import { mark, type PackageDraft, type RunDraft, type TestDraft } from './draft.ts';
import { begin, endBenchmark, endByLine, executionOf, extrasOf } from './life.ts';
import { addOutput } from './output.ts';
import { NONE } from './state.ts';

/** Most names kept of a `running tests:` list, and most rows output is followed for behind a head. */
const MAX_LISTED = 10_000;

interface Line {
  readonly draft: RunDraft;
  readonly pkg: PackageDraft;
  /** The test that Go pinned it on. */
  readonly test: TestDraft | undefined;
  /** Without its newline. */
  readonly text: string;
  readonly endsLine: boolean;
  readonly seq: number;
  readonly atNs: Ns | undefined;
}

/** An `output` event of a package: what it says, and where it belongs. */
export function foldOutput(
  draft: RunDraft,
  pkg: PackageDraft,
  event: TestEvent,
  seq: number,
  atNs: Ns | undefined,
): void {
  const text = event.output ?? '';
  const test = event.test === undefined ? undefined : executionOf(draft, pkg, event.test, atNs);
  const line: Line = { draft, pkg, test, text, endsLine: event.endsLine, seq, atNs };
  const { scan } = pkg;
  const isFrame = foldFrame(line, event.outputType);
  const isLineStart = !scan.isMidLine || isFrame;
  scan.isMidLine = !event.endsLine;

  if (isFrame) {
    scan.framesSinceHead += scan.head === undefined ? 0 : 1;
    settleRaceRule(draft, pkg, false);
    place(line, false);
    return;
  }
  const isLongFrame = scan.longFrame !== '' || (isLineStart && text.startsWith(FRAME_MARK));
  if (isLongFrame) foldLongFrame(line);
  const isProcess = isLineStart && !isLongFrame ? foldLine(line) : foldRest(line);
  if (test === undefined && isLineStart) foldPackageLine(pkg, text);
  if (isProcess === undefined) return; // held back until the next line tells
  place(line, isProcess);
}

/** The line's output goes to its test, to the package, or to the process. */
function place({ pkg, test, text, endsLine, seq }: Line, isProcess: boolean): void {
  const { scan } = pkg;
  const lines = endsLine ? 1 : 0;
  const chars = text.length + lines;
  if (isProcess) {
    pkg.processOutput = addOutput(pkg.processOutput, seq, true, chars, lines);
    return;
  }
  if (test === undefined) {
    pkg.output = addOutput(pkg.output, seq, true, chars, lines);
    return;
  }
  if (scan.head !== undefined) follow(scan, test.row);
  test.output = addOutput(test.output, seq, isAlone(pkg, test), chars, lines);
}

/** No other test could print: a plain line is likely the named test's own. */
export const isAlone = (pkg: PackageDraft, test: TestDraft): boolean =>
  pkg.scan.active === (test.phase === 'running' || test.phase === 'cleanup' ? 1 : 0);

function follow(scan: PackageDraft['scan'], row: number): void {
  const rows = scan.pinnedSinceHead;
  if (rows.at(-1) === row || rows.length >= MAX_LISTED || rows.includes(row)) return;
  scan.pinnedSinceHead = [...rows, row];
}

/** True when the text is a frame of its own test or package that Go recognised. */
function foldFrame({ draft, pkg, test, text, endsLine, atNs }: Line, outputType: string | undefined): boolean {
  const isMarked = outputType === 'frame';
  if (test === undefined) {
    if (!endsLine || (text !== 'PASS' && text !== 'FAIL')) return false;
    pkg.scan.hasVerdict = true;
    pkg.scan.head = undefined;
    return isMarked;
  }
  if (draft.quality.hasOutputType && !isMarked) return false;
  const first = text.charCodeAt(0);
  if (first === 0x3d) return text.startsWith('=== ') && (isMarked || isFrameOf(text, test.name));
  if (first !== 0x20 && first !== 0x2d) return false;
  const result = readResult(text);
  if (result?.name !== test.name) return false;
  endByLine(draft, pkg, test, result, atNs);
  return true;
}

/** What a whole plain line says. True: it belongs to the process, undefined: the next line will tell. */
function foldLine(line: Line): boolean | undefined {
  const { draft, pkg, test, text, seq } = line;
  const { scan } = pkg;
  if (scan.raceRule !== undefined) settleRaceRule(draft, pkg, isRaceWarning(text));
  if (scan.isInRace) {
    if (isTestLog(text)) {
      foldTestLine(line);
      return false;
    }
    if (isRaceRule(text)) scan.isInRace = false;
    return true;
  }
  if (isRaceRule(text)) {
    scan.raceRule = [seq, test?.row ?? NONE];
    return undefined;
  }
  if (scan.head !== undefined) foldAfterHead(pkg, text);
  const head = readHead(text);
  if (head !== undefined) takeHead(line, head.kind, head.text);
  if (test !== undefined) foldTestLine(line);
  return false;
}

/** What goes on with a line that has begun: it belongs where its beginning does. */
function foldRest({ draft, pkg, test, text, atNs }: Line): boolean {
  if (test?.kind === 'benchmark' && isBenchmarkResult(text)) endBenchmark(draft, pkg, test, text.trim(), atNs);
  return pkg.scan.isInRace;
}

/** A new head replaces one that frames have followed: that process lived on. The last words of `go test` replace nothing. */
function takeHead(
  { pkg, test, seq, atNs }: Line,
  kind: NonNullable<PackageDraft['crash']>['kind'],
  text: string,
): void {
  const { scan } = pkg;
  const isLastWord = kind === 'exit' || kind === 'killed' || kind === 'interrupted';
  if (scan.head !== undefined && (isLastWord || scan.isHeadFirm) && scan.framesSinceHead === 0) return;
  if (scan.hasVerdict && isLastWord) return; // `exit status 1` after FAIL is how every failing package ends
  scan.head = { kind, text, atNs, seq, pinnedOn: test?.row ?? NONE, running: [] };
  scan.isHeadFirm = false;
  scan.framesSinceHead = 0;
  scan.pinnedSinceHead = [];
  scan.isInList = false;
}

function foldAfterHead(pkg: PackageDraft, text: string): void {
  const { scan } = pkg;
  const { head } = scan;
  if (head === undefined) return;
  if (isGoroutineHeader(text)) {
    scan.isHeadFirm = true;
    scan.isInList = false;
  } else if (head.kind === 'timeout' && isRunningTests(text)) {
    scan.isInList = true;
  } else if (scan.isInList) {
    const name = readRunningTest(text);
    if (name === undefined) scan.isInList = false;
    else if (head.running.length < MAX_LISTED) scan.head = { ...head, running: [...head.running, name] };
  }
}

/** Plain text of one test that says something of it. */
function foldTestLine(line: Line): void {
  const { draft, pkg, test, text, atNs } = line;
  if (test === undefined) return;
  if (test.kind === 'benchmark' && isBenchmarkResult(text)) endBenchmark(draft, pkg, test, text.trim(), atNs);
  if (isRaceMark(text)) test.more = { ...extrasOf(test), hasRace: true };
  const midline = isTestLog(text) ? undefined : readMidlineFrame(text);
  if (midline !== undefined) foldTextFrame(line, midline, true);
  else if (pkg.scan.isLowFidelity && (text.startsWith('---') || text.startsWith('==='))) {
    const frame = readFrame(text);
    if (frame !== undefined) foldTextFrame(line, frame, false);
  }
}

/** R6: a frame that Go did not see. It is believed of tests that have begun, and in a stream that has lost frames before. */
function foldTextFrame({ draft, pkg, atNs }: Line, frame: Frame, isMidline: boolean): void {
  const row = draft.latest(pkg, frame.name);
  const open = row === undefined || draft.peek(row)?.phase === undefined ? undefined : draft.test(row);
  if (frame.mark === 'RUN') {
    if (open !== undefined || !isTestName(frame.name)) return;
    begin(draft, pkg, frame.name, atNs, ['read-from-text']);
  } else {
    if (open === undefined) return;
    if (frame.mark === 'PASS' || frame.mark === 'FAIL' || frame.mark === 'SKIP') {
      endByLine(draft, pkg, open, frame, atNs);
      mark(open, 'read-from-text');
    }
  }
  if (!isMidline) return;
  pkg.scan.isLowFidelity = true;
  draft.quality.midlineFrames++;
}

/** R22: the pieces of a frame over 4,096 bytes, joined up to its newline. */
function foldLongFrame({ draft, pkg, text, endsLine, atNs }: Line): void {
  const { scan } = pkg;
  const joined = scan.longFrame + text;
  if (!endsLine && joined.length < MAX_FRAME_CHARS) {
    scan.longFrame = joined;
    return;
  }
  scan.longFrame = '';
  const frame = readFrame(joined.slice(FRAME_MARK.length));
  if (frame === undefined) return;
  if (frame.mark === 'RUN') {
    begin(draft, pkg, frame.name, atNs, ['long-frame']);
    return;
  }
  const row = draft.latest(pkg, frame.name);
  if (row === undefined) return;
  const test = draft.test(row);
  endByLine(draft, pkg, test, frame, atNs);
  mark(test, 'long-frame');
  if (test.phase === 'ended') draft.setPhase(pkg, test, undefined, atNs); // Go will report nothing
}

/** The `====` line held back goes to the race report that follows it, or to the test that it was pinned on. */
export function settleRaceRule(draft: RunDraft, pkg: PackageDraft, isRace: boolean): void {
  const { raceRule } = pkg.scan;
  if (raceRule === undefined) return;
  const [seq, row] = raceRule;
  pkg.scan.raceRule = undefined;
  if (isRace) {
    pkg.scan.isInRace = true;
    pkg.races++;
    if (row !== NONE) mark(pkg, 'misplaced-race');
    pkg.processOutput = addOutput(pkg.processOutput, seq, true, 19, 1);
  } else if (row === NONE) {
    pkg.output = addOutput(pkg.output, seq, true, 19, 1);
  } else {
    const test = draft.test(row);
    test.output = addOutput(test.output, seq, isAlone(pkg, test), 19, 1);
  }
}

/** What a package says of itself. */
function foldPackageLine(pkg: PackageDraft, text: string): void {
  if (text.startsWith('ok  \t')) {
    if (isCachedLine(text)) pkg.isCached = true;
    if (text.includes('[no tests to run]')) pkg.emptiness = 'no-tests-to-run';
  } else if (text.startsWith('FAIL\t')) {
    pkg.scan.failedStep = readFailedStep(text);
  } else if (text.startsWith('?   \t') && text.includes('[no test files]')) {
    pkg.emptiness = 'no-test-files';
  } else if (text.startsWith('coverage: ')) {
    pkg.coverage = text.slice('coverage: '.length).trimEnd();
  } else if (text.startsWith('-test.shuffle ')) {
    pkg.shuffle = text.slice('-test.shuffle '.length).trimEnd();
  } else if (isIoIncomplete(text)) {
    mark(pkg, 'held-output');
  }
}
