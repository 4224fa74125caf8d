import { iterateRows, rowAt } from '@observe/base';
import type { OutputLine } from '@observe/protocol';
import { readOutput, readReports, type LogSource, type OutputOf } from '@observe/query';
import { activeNsOf, testsOf, type BuildState, type PackageState, type RunState, type TestState } from '@observe/run';
import { autopsyOf, racesIn, type Autopsy, type RaceNote } from './autopsy.ts';

/** Output as a summary shows it: its beginning and its end. `omitted`: lines between `head` and `tail`. */
export interface Excerpt {
  readonly head: readonly OutputLine[];
  readonly omitted: number;
  readonly tail: readonly OutputLine[];
}

/** What is worth telling at the end of a run. Every list is bounded. */
export interface Summary {
  readonly state: RunState;
  readonly builds: readonly { readonly build: BuildState; readonly output: Excerpt }[];
  /** Packages that did not end as packages do, each with the tests that this took along. */
  readonly deaths: readonly Death[];
  readonly failures: Bounded<{ readonly test: TestState; readonly output: Excerpt | undefined }>;
  /** Packages that failed though none of their tests did, and nothing else here says why. */
  readonly packages: readonly { readonly pkg: PackageState; readonly output: Excerpt }[];
  readonly races: Bounded<{ readonly pkg: PackageState; readonly race: RaceNote }>;
  readonly skipped: Bounded<{ readonly test: TestState; readonly reason: string | undefined }>;
  /** Without parents and cached ones, the slowest first. */
  readonly slowest: readonly { readonly test: TestState; readonly activeNs: number }[];
}

export interface Death {
  readonly pkg: PackageState;
  /** Undefined when its text tells of none: then `output` has it. */
  readonly autopsy: Autopsy | undefined;
  readonly output: Excerpt;
  readonly lost: Bounded<{ readonly test: TestState; /** What it said last. */ readonly output: Excerpt }>;
  readonly neverStarted: Bounded<TestState>;
}

export interface Bounded<T> {
  readonly shown: readonly T[];
  readonly total: number;
}

/** A terminal keeps some thousand lines; a person reads some hundred. The page has the rest. */
const MAX_OUTPUTS = 40;
const MAX_NAMES = 200;
const MAX_SKIPPED = 10;
const MAX_LOST = 20;
const MAX_RACES = 5;
const MAX_SLOWEST = 5;
const HEAD_LINES = 40;
const TAIL_LINES = 20;
const LAST_WORDS = 5;
/** The end of a longer output is not looked for: that would read all of it. */
const MAX_TAILED_LINES = 200_000;
/** Less is not slow. */
const SLOW_NS = 0.5e9;

/** Reads of the log only what it shows. A reading that fails (a disk that is gone) leaves the output out. */
export async function summarise(state: RunState, log: LogSource): Promise<Summary> {
  const read = (of: OutputOf): Promise<Excerpt> => excerpt(state, log, of);
  const failed: TestState[] = [];
  const skipped: TestState[] = [];
  const slowest: { test: TestState; activeNs: number }[] = [];
  const blamed = new Set<number>();
  for (const test of iterateRows(state.tests)) {
    if (test.outcome === 'fail') {
      failed.push(test);
      blamed.add(test.parent);
    } else if (test.outcome === 'skip') skipped.push(test);
    if (isCandidate(test)) keepSlow(slowest, test, activeNsOf(state, test), state);
  }

  const failures: { test: TestState; output: Excerpt | undefined }[] = [];
  let total = 0;
  for (const test of failed) {
    const output = failures.length < MAX_OUTPUTS ? await read({ kind: 'test', row: test.row }) : undefined;
    // A parent that says nothing itself failed only because of its subtest, which is here.
    if (blamed.has(test.row) && (output === undefined || isEmpty(output))) continue;
    total++;
    if (failures.length < MAX_NAMES) failures.push({ test, output });
  }

  const deaths: Death[] = [];
  const packages: { pkg: PackageState; output: Excerpt }[] = [];
  for (const pkg of iterateRows(state.packages)) {
    if (pkg.outcome !== 'fail' && pkg.outcome !== 'lost') continue;
    const { counts } = pkg;
    if (pkg.crash !== undefined || counts.lost > 0 || counts.neverStarted > 0 || pkg.outcome === 'lost') {
      if (deaths.length < MAX_OUTPUTS) deaths.push(await deathOf(state, pkg, log));
    } else if (counts.fail === 0 && pkg.failedBuildPath === undefined && packages.length < MAX_OUTPUTS) {
      packages.push({ pkg, output: await read({ kind: 'package', row: pkg.row }) });
    }
  }

  const races: { pkg: PackageState; race: RaceNote }[] = [];
  let raceCount = 0;
  for (const pkg of iterateRows(state.packages)) {
    raceCount += pkg.races;
    if (pkg.races === 0 || races.length >= MAX_RACES) continue;
    const reports = await readReports(state, log, pkg.row).catch(() => undefined);
    for (const race of racesIn(reports).slice(0, MAX_RACES - races.length)) races.push({ pkg, race });
  }

  const builds: { build: BuildState; output: Excerpt }[] = [];
  for (const build of iterateRows(state.builds)) {
    if (!build.isFailed || builds.length >= MAX_OUTPUTS) continue;
    builds.push({ build, output: await read({ kind: 'build', row: build.row }) });
  }

  const skips: { test: TestState; reason: string | undefined }[] = [];
  for (const test of skipped.slice(0, MAX_SKIPPED)) {
    skips.push({ test, reason: reasonOf(await read({ kind: 'test', row: test.row })) });
  }
  return {
    state,
    builds,
    deaths,
    failures: { shown: failures, total },
    packages,
    races: { shown: races, total: raceCount },
    skipped: { shown: skips, total: skipped.length },
    slowest,
  };
}

async function deathOf(state: RunState, pkg: PackageState, log: LogSource): Promise<Death> {
  const lost: TestState[] = [];
  const neverStarted: TestState[] = [];
  for (const test of testsOf(state, pkg)) {
    if (test.outcome === 'lost') lost.push(test);
    else if (test.outcome === 'never-started') neverStarted.push(test);
  }
  const kind = pkg.processOutput.length > 0 ? 'process' : 'package';
  const shownLost: { test: TestState; output: Excerpt }[] = [];
  for (const test of lost.slice(0, MAX_LOST)) {
    shownLost.push({ test, output: await lastWords(state, log, test.row) });
  }
  return {
    pkg,
    autopsy: autopsyOf(state, pkg, await readReports(state, log, pkg.row).catch(() => undefined)),
    output: await excerpt(state, log, { kind, row: pkg.row }),
    lost: { shown: shownLost, total: lost.length },
    neverStarted: { shown: neverStarted.slice(0, MAX_LOST), total: neverStarted.length },
  };
}

/** Cheap to say, for there may be a hundred thousand: a cached test's own times are those of its replay. */
const isCandidate = ({ children, startNs, endNs }: TestState): boolean =>
  children === 0 && startNs !== undefined && endNs !== undefined && endNs - startNs >= SLOW_NS;

/** Keeps `slowest` sorted and short. */
function keepSlow(
  slowest: { test: TestState; activeNs: number }[],
  test: TestState,
  activeNs: number | undefined,
  state: RunState,
): void {
  if (activeNs === undefined || activeNs < SLOW_NS) return;
  if (slowest.length === MAX_SLOWEST && activeNs <= (slowest.at(-1)?.activeNs ?? 0)) return;
  if (rowAt(state.packages, test.package)?.isCached === true) return;
  slowest.splice(slowest.findLastIndex((other) => other.activeNs >= activeNs) + 1, 0, { test, activeNs });
  slowest.length = Math.min(slowest.length, MAX_SLOWEST);
}

const NOTHING: Excerpt = { head: [], omitted: 0, tail: [] };
const isEmpty = ({ head, tail }: Excerpt): boolean => head.length + tail.length === 0;

/** Without frames: what they say the summary says itself. */
async function excerpt(state: RunState, log: LogSource, of: OutputOf): Promise<Excerpt> {
  try {
    const start = await readOutput(state, log, of, { from: 0, limit: HEAD_LINES + TAIL_LINES });
    if (start.total <= HEAD_LINES + TAIL_LINES) return { ...NOTHING, head: wordsOf(start.lines) };
    if (start.total > MAX_TAILED_LINES)
      return { ...NOTHING, head: wordsOf(start.lines), omitted: start.total - start.lines.length };
    const end = await readOutput(state, log, of, { from: 0, limit: TAIL_LINES, isTail: true });
    return {
      head: wordsOf(start.lines.slice(0, HEAD_LINES)),
      omitted: start.total - HEAD_LINES - TAIL_LINES,
      tail: wordsOf(end.lines),
    };
  } catch {
    return NOTHING;
  }
}

async function lastWords(state: RunState, log: LogSource, row: number): Promise<Excerpt> {
  const page = { from: 0, limit: LAST_WORDS + 2, isTail: true };
  const answer = await readOutput(state, log, { kind: 'test', row }, page).catch(() => undefined);
  return { ...NOTHING, tail: wordsOf(answer?.lines ?? []).slice(-LAST_WORDS) };
}

/** Without what the `go` command says of the package, too. */
const wordsOf = (lines: readonly OutputLine[]): OutputLine[] =>
  lines.filter(({ kind, text }) => kind !== 'frame' && !text.startsWith('FAIL\t'));

/** t.Skip prints its reason as a log line, the last one of the test. */
function reasonOf({ head, tail }: Excerpt): string | undefined {
  const line = [...head, ...tail].findLast(({ kind }) => kind === 'log' || kind === 'error');
  return line === undefined ? undefined : line.text.trim().replace(/^\S+?:\d+: /, '');
}
