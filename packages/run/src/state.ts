import { emptyRows, type Ns, type Rows, type WallTime } from '@observe/base';
import type {
  ArtifactFacts,
  Counts,
  EndReason,
  HostFacts,
  PackageOutcome,
  ProcessFacts,
  TestOutcome,
} from '@observe/protocol';
import type { RepairId } from '@observe/gotest';
import { NameIndex } from './names.ts';

/** No such row. */
export const NONE = -1;

/**
 * What a test that has begun is doing, as far as the stream says.
 * `paused`: in t.Parallel, its serial siblings still run. `queued`: in t.Parallel, waits for a `-parallel` slot.
 * `waiting`: for its subtests. `cleanup`: its parallel subtests are done, it is not. `ended`: its `--- PASS` line was seen, Go has not reported it yet.
 */
export const PHASES = ['running', 'paused', 'queued', 'waiting', 'cleanup', 'ended'] as const;
export type Phase = (typeof PHASES)[number];

export type TestKind = 'test' | 'benchmark' | 'example' | 'fuzz';

/**
 * Why tests ended without an end. `panic` and `fatal`: of the process, wherever. `exit`: os.Exit or log.Fatal.
 * `stream-ended`: the input stopped first. `package-ended`: the package ended and its text does not say why.
 */
export type LostKind =
  'timeout' | 'panic' | 'fatal' | 'exit' | 'killed' | 'interrupted' | 'stream-ended' | 'package-ended';

export interface LostReason {
  readonly kind: LostKind;
  /** The line that says so, as printed and trimmed; empty for `stream-ended` and `package-ended`. */
  readonly text: string;
}

/**
 * Which output events of the log belong here: `ranges` holds triples [first seq, seq after the last, wasAlone],
 * sorted and disjoint. `wasAlone` 1: no other test was active, so that a plain line is likely its own.
 * Only the first `length` numbers count (the array is shared with later states), and only seqs up to the state's own.
 */
export interface OutputRanges {
  readonly ranges: readonly number[];
  readonly length: number;
  /** UTF-16 code units of text, for people: a size, not an offset. */
  readonly chars: number;
  /** Lines that ended. */
  readonly lines: number;
}
export const NO_OUTPUT: OutputRanges = { ranges: [], length: 0, chars: 0, lines: 0 };

/** One execution of a test: (package, name, occurrence). */
export interface TestState {
  readonly row: number;
  /** Row of its package. */
  readonly package: number;
  readonly name: string;
  /** 1 for the first run of this name in this package; `-count`, `-cpu` and reruns give more. */
  readonly occurrence: number;
  /** Row of the test with the longest prefix of this name that had run, or NONE. */
  readonly parent: number;
  readonly kind: TestKind;
  readonly outcome: TestOutcome;
  /** Undefined once it is over (reported, or closed with its package). */
  readonly phase: Phase | undefined;
  /** Unknown when its `run` was lost or the stream has no Time. */
  readonly startNs: Ns | undefined;
  /** The true end. Undefined while it runs, and for ever when it was lost. */
  readonly endNs: Ns | undefined;
  /** When Go reported the result; draw nothing from it but the `ended` tail. */
  readonly reportedNs: Ns | undefined;
  /** For lost and never-started tests: when their package or the stream ended. */
  readonly closedNs: Ns | undefined;
  /** Go's own word; without pauses and waits for parallel subtests. */
  readonly elapsedNs: Ns | undefined;
  /**
   * Pairs [from ns, index into PHASES], ascending; each lasts until the next, the last until endNs, closedNs or now.
   * Only the first `segmentLength` numbers count (the array is shared with later states); see `visitSegments`.
   */
  readonly segments: readonly number[];
  readonly segmentLength: number;
  readonly output: OutputRanges;
  /** Subtests begun. */
  readonly children: number;
  /** Its newest subtest, or NONE; go on with that one's `prevSibling`. */
  readonly lastChild: number;
  /** The subtest of the same parent (or top-level test of the same package) that began before this one, or NONE. */
  readonly prevSibling: number;
  /** Called t.Parallel. */
  readonly isParallel: boolean;
  /** Parallel subtests that have begun and not ended. */
  readonly openParallel: number;
  /** Rows of subtests that paused and wait for this test's body to return; only the first `pausedCount` count. */
  readonly paused: readonly number[];
  readonly pausedCount: number;
  readonly lost: LostReason | undefined;
  /** What is our guess and not Go's word. */
  readonly repaired: readonly RepairId[];
  readonly more: TestExtras | undefined;
}

/** What few tests have. */
export interface TestExtras {
  readonly attributes: readonly (readonly [key: string, value: string])[];
  /** Directory on the host that ran the test. */
  readonly artifactDir: string | undefined;
  /** A benchmark's result line, trimmed. */
  readonly benchmark: string | undefined;
  /** `race detected during execution of test` was said of it. */
  readonly hasRace: boolean;
}

/** How a package's process died, when its text says so. */
export interface Crash {
  readonly kind: LostKind;
  /** First line of the head, trimmed: `panic: boom`. */
  readonly text: string;
  readonly atNs: Ns | undefined;
  readonly seq: number;
  /** Row of the test that the head was pinned on by Go: a guess of test2json, often the victim; or NONE. */
  readonly pinnedOn: number;
  /** Names in the `running tests:` list of a timeout. */
  readonly running: readonly string[];
}

export interface PackageState {
  readonly row: number;
  /** Import path, or what the user typed when nothing matched it; empty when the stream has no Package. */
  readonly name: string;
  readonly outcome: PackageOutcome;
  readonly startNs: Ns | undefined;
  readonly endNs: Ns | undefined;
  /** Go's own word: from `start` to the exit of the test binary; 0 when cached. */
  readonly elapsedNs: Ns | undefined;
  readonly isCached: boolean;
  /** Rows of its tests, in the order in which they began; only the first `testCount` count (the array is shared with later states). */
  readonly tests: readonly number[];
  readonly testCount: number;
  readonly counts: Counts;
  /** Its newest top-level test, or NONE; go on with that one's `prevSibling`. */
  readonly lastRoot: number;
  /** What the package itself printed: before the first test, after the last, `ok …`. */
  readonly output: OutputRanges;
  /** Panics, dumps, fatal errors, race reports: text of the process, whatever test it was pinned on. Not in any test's `output`. */
  readonly processOutput: OutputRanges;
  readonly crash: Crash | undefined;
  /** Race reports seen. */
  readonly races: number;
  /** Row in `builds` of the build that failed, or NONE. */
  readonly failedBuild: number;
  /** `FailedBuild` as Go wrote it. */
  readonly failedBuildPath: string | undefined;
  /** As printed: `72.4% of statements`. */
  readonly coverage: string | undefined;
  /** Seed of `-shuffle`, as printed. */
  readonly shuffle: string | undefined;
  /** `no-test-files`, `no-tests-to-run` or `passed-without-a-test` (R16). */
  readonly emptiness: 'no-test-files' | 'no-tests-to-run' | 'passed-without-a-test' | undefined;
  readonly repaired: readonly RepairId[];
  /** Where the fold stands in this package's text; nobody else's business. */
  readonly scan: PackageScan;
}

/** What the fold must remember between two lines of a package. */
export interface PackageScan {
  /** Latest Time in this package, never going back. */
  readonly lastNs: Ns | undefined;
  /** Tests in phase running or cleanup: those that can print. */
  readonly active: number;
  /** Tests that are not over. */
  readonly open: number;
  /** Rows of top-level tests that paused and wait for the serial ones; only the first `pausedCount` count. */
  readonly paused: readonly number[];
  readonly pausedCount: number;
  /** The last output had no newline. */
  readonly isMidLine: boolean;
  /** `PASS` or `FAIL` alone: testing ended by itself, the process did not die. */
  readonly hasVerdict: boolean;
  /** A head that may be the process dying; the package's end decides. */
  readonly head: Crash | undefined;
  /** A dump followed the head. */
  readonly isHeadFirm: boolean;
  /** Frames of tests since the head. */
  readonly framesSinceHead: number;
  /** Rows of tests that output was pinned on since the head. */
  readonly pinnedSinceHead: readonly number[];
  /** Inside the `running tests:` list. */
  readonly isInList: boolean;
  /** A `==================` line whose place the next line decides: [seq, row or NONE]. */
  readonly raceRule: readonly [number, number] | undefined;
  readonly isInRace: boolean;
  /** Pieces of a frame that is too long for Go; empty when there is none. */
  readonly longFrame: string;
  /** Frames were seen in the middle of lines: text frames are believed, and marked. */
  readonly isLowFidelity: boolean;
  readonly failedStep: 'build' | 'setup' | undefined;
}

export const EMPTY_SCAN: PackageScan = {
  lastNs: undefined,
  active: 0,
  open: 0,
  paused: [],
  pausedCount: 0,
  isMidLine: false,
  hasVerdict: false,
  head: undefined,
  isHeadFirm: false,
  framesSinceHead: 0,
  pinnedSinceHead: [],
  isInList: false,
  raceRule: undefined,
  isInRace: false,
  longFrame: '',
  isLowFidelity: false,
  failedStep: undefined,
};

/** One broken build; it may break many packages. */
export interface BuildState {
  readonly row: number;
  readonly importPath: string;
  /** `text`: pieced together from plain lines (Go before 1.24, or stderr mixed in). */
  readonly kind: 'compile' | 'vet' | 'setup' | 'text';
  readonly isFailed: boolean;
  /** Rows of the packages that it broke. */
  readonly packages: readonly number[];
  readonly output: OutputRanges;
}

/** A captured process, with the producer's monotonic clock when it was seen first and when it was seen to have ended. */
export interface ProcessState extends ProcessFacts {
  readonly seenMonoNs: number;
  readonly endedMonoNs: number | undefined;
}

/** What makes a stream worse than it could be; each with a count, to be told with advice. */
export interface StreamQuality {
  readonly events: number;
  /** Lines that were not JSON. */
  readonly strays: number;
  /** Where they lie in the log. */
  readonly strayOutput: OutputRanges;
  readonly hasTime: boolean;
  readonly hasPackage: boolean;
  /** 1.27 or later wrote it. */
  readonly hasOutputType: boolean;
  /** `--- PASS` or `=== RUN` in the middle of a line: `-v -json`, or Go before 1.20. */
  readonly midlineFrames: number;
  readonly cachedPackages: number;
  /** Time stepped back within a package. */
  readonly backSteps: number;
  readonly unknownActions: ReadonlyMap<string, number>;
  /** Lines in pieces: longer than MAX_LINE_BYTES, or cut by the end of the input. */
  readonly cutLines: number;
}

/** All that is known of a run after folding its log up to `seq`. Immutable: a fold makes a new one and shares what did not change. */
export interface RunState {
  /** Last folded; 0 = nothing yet. */
  readonly seq: number;
  /** Time of the first event that has one; all `…Ns` are since then. */
  readonly origin: WallTime | undefined;
  /** Latest Time seen. */
  readonly lastNs: Ns | undefined;
  /** Producer's monotonic clock at the latest record. */
  readonly lastMonoNs: number | undefined;
  /** Producer's monotonic clock when `origin` was read: an upper bound of its own time, off by the pipe's delay. */
  readonly originMonoNs: number | undefined;
  readonly host: HostFacts | undefined;
  readonly packages: Rows<PackageState>;
  readonly tests: Rows<TestState>;
  readonly builds: Rows<BuildState>;
  /** Test binaries that ran under capture, and what lies beside the log; each by its last word, in the order of the first. */
  readonly processes: readonly ProcessState[];
  readonly artifacts: readonly ArtifactFacts[];
  readonly counts: Counts;
  readonly quality: StreamQuality;
  /** Row of the build that the last stray `# package` line began, or NONE. */
  readonly strayBuild: number;
  /** Names to rows; grows with the log and is shared by the states of one run. */
  readonly names: NameIndex;
  readonly end: { readonly reason: EndReason; readonly exitCode: number | undefined } | undefined;
}

export const NO_COUNTS: Counts = { pass: 0, fail: 0, skip: 0, running: 0, lost: 0, neverStarted: 0 };

/** Before anything is read. A new one for each run: states of one run share growing arrays. */
export const emptyRun = (): RunState => ({
  seq: 0,
  origin: undefined,
  lastNs: undefined,
  lastMonoNs: undefined,
  originMonoNs: undefined,
  host: undefined,
  packages: emptyRows(),
  tests: emptyRows(),
  builds: emptyRows(),
  processes: [],
  artifacts: [],
  counts: NO_COUNTS,
  quality: {
    events: 0,
    strays: 0,
    strayOutput: NO_OUTPUT,
    hasTime: false,
    hasPackage: false,
    hasOutputType: false,
    midlineFrames: 0,
    cachedPackages: 0,
    backSteps: 0,
    unknownActions: new Map(),
    cutLines: 0,
  },
  strayBuild: NONE,
  names: new NameIndex(),
  end: undefined,
});
