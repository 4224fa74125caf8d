import { nsFromElapsed, type Ns } from '@observe/base';
import type { TestEvent } from '@observe/gotest';
import type { EndReason } from '@observe/protocol';
import { mark, type PackageDraft, type RunDraft, type TestDraft } from './draft.ts';
import { linkFailedBuild } from './builds.ts';
import { extrasOf } from './life.ts';
import { mergeOutputs, splitOutput } from './output.ts';
import { NONE, PHASES, type LostReason } from './state.ts';
import { settleRaceRule } from './text.ts';

/** `pass`, `fail` or `skip` of the package itself: everything in it is over. */
export function endPackage(
  draft: RunDraft,
  pkg: PackageDraft,
  outcome: 'pass' | 'fail' | 'skip',
  event: TestEvent,
  seq: number,
  atNs: Ns | undefined,
): void {
  settleRaceRule(draft, pkg, false);
  pkg.outcome = outcome;
  pkg.endNs = atNs;
  if (event.elapsed !== undefined) pkg.elapsedNs = nsFromElapsed(event.elapsed);
  if (outcome === 'fail') {
    const failedBuild = event.more?.FailedBuild;
    linkFailedBuild(draft, pkg, typeof failedBuild === 'string' ? failedBuild : undefined);
    settleHead(draft, pkg, seq);
  } else {
    pkg.scan.head = undefined;
  }
  if (pkg.isCached) {
    draft.quality.cachedPackages++;
    mark(pkg, 'cached-replay');
  }
  if (outcome === 'pass' && pkg.testCount === 0 && pkg.emptiness === undefined) {
    pkg.emptiness = 'passed-without-a-test';
    mark(pkg, 'passed-without-a-test');
  }
  closeTests(draft, pkg, reasonOf(pkg), atNs);
}

/** The stream is over and the package is not (R17). */
function abandonPackage(
  draft: RunDraft,
  pkg: PackageDraft,
  reason: LostReason,
  seq: number,
  atNs: Ns | undefined,
): void {
  settleRaceRule(draft, pkg, false);
  settleHead(draft, pkg, seq);
  pkg.outcome = 'lost';
  mark(pkg, 'stream-ended');
  closeTests(draft, pkg, pkg.crash === undefined ? reason : { kind: pkg.crash.kind, text: pkg.crash.text }, atNs);
}

export function endRun(draft: RunDraft, reason: EndReason, exitCode: number | undefined, seq: number): void {
  const lost: LostReason = { kind: reason === 'interrupted' ? 'interrupted' : 'stream-ended', text: '' };
  for (let row = 0; row < draft.packageCount; row++) {
    const pkg = draft.package(row);
    if (pkg.outcome === 'running') abandonPackage(draft, pkg, lost, seq, draft.run.lastNs);
    else if (pkg.scan.open > 0) closeTests(draft, pkg, lost, draft.run.lastNs); // began after their package's end
  }
  draft.run.end = { reason, exitCode };
}

/** The producer that was given up is back: what was closed for its sake runs again. */
export function reopenRun(draft: RunDraft): void {
  draft.run.end = undefined;
  for (let row = 0; row < draft.packageCount; row++) {
    const pkg = draft.package(row);
    if (pkg.outcome !== 'lost') continue;
    pkg.outcome = 'running';
    pkg.repaired = pkg.repaired.filter((id) => id !== 'stream-ended');
    for (let i = 0; i < pkg.testCount; i++) {
      const test = draft.peek(pkg.tests[i] ?? NONE);
      if (test?.lost?.kind !== 'stream-ended') continue;
      const open = draft.test(test.row);
      draft.setOutcome(pkg, open, 'running');
      open.lost = undefined;
      open.closedNs = undefined;
      open.repaired = open.repaired.filter((id) => id !== 'missing-end');
      const phase = PHASES[open.segments[open.segmentLength - 1] ?? 0] ?? 'running';
      draft.setPhase(pkg, open, phase, undefined); // without a time: the segment goes on
    }
  }
}

function reasonOf(pkg: PackageDraft): LostReason {
  if (pkg.crash !== undefined) return { kind: pkg.crash.kind, text: pkg.crash.text };
  // Neither PASS nor FAIL from testing itself: os.Exit or log.Fatal left no other trace.
  if (pkg.outcome === 'fail' && !pkg.scan.hasVerdict) return { kind: 'exit', text: '' };
  return { kind: 'package-ended', text: '' };
}

/** The package failed without a word of testing's own: the head was true, and what came after it is the process's text (R7, R8). */
function settleHead(draft: RunDraft, pkg: PackageDraft, seq: number): void {
  const { scan } = pkg;
  const { head } = scan;
  scan.head = undefined;
  if (head === undefined || scan.hasVerdict || (!scan.isHeadFirm && scan.framesSinceHead > 0)) return;
  pkg.crash = head;
  for (const row of scan.pinnedSinceHead) {
    const test = draft.test(row);
    const [own, process] = splitOutput(test.output, head.seq, seq);
    test.output = own;
    pkg.processOutput = mergeOutputs(pkg.processOutput, process, seq);
  }
  const [own, process] = splitOutput(pkg.output, head.seq, seq);
  pkg.output = own;
  pkg.processOutput = mergeOutputs(pkg.processOutput, process, seq);
  if (head.pinnedOn !== NONE) mark(pkg, head.kind === 'timeout' ? 'misplaced-timeout' : 'misplaced-dump');
}

/** Everything still open gets an outcome; newest first, so that subtests are closed before their parents. */
function closeTests(draft: RunDraft, pkg: PackageDraft, reason: LostReason, atNs: Ns | undefined): void {
  for (let i = pkg.testCount - 1; i >= 0 && pkg.scan.open > 0; i--) {
    const row = pkg.tests[i] ?? NONE;
    if (draft.peek(row)?.phase !== undefined) closeTest(draft, pkg, draft.test(row), reason, atNs);
  }
  pkg.scan.paused = [];
  pkg.scan.pausedCount = 0;
}

function closeTest(
  draft: RunDraft,
  pkg: PackageDraft,
  test: TestDraft,
  reason: LostReason,
  atNs: Ns | undefined,
): void {
  const { phase } = test;
  draft.setPhase(pkg, test, undefined, atNs);
  if (phase === 'ended') return; // the result is known; Go only never reported it
  const isSound = pkg.outcome === 'pass' && pkg.scan.hasVerdict;
  if (test.kind === 'benchmark' && pkg.outcome !== 'lost' && pkg.scan.hasVerdict) {
    draft.setOutcome(pkg, test, 'pass'); // testing ended by itself and printed no FAIL for it
    test.endNs = lastEndOfChildren(draft, test) ?? atNs;
    mark(test, 'benchmark-end');
    return;
  }
  if (isSound && !test.repaired.includes('forged-frame')) {
    draft.setOutcome(pkg, test, 'pass'); // a package passes only when all its tests do
    mark(test, 'missing-end');
    return;
  }
  const hasStarted = phase !== 'paused' && phase !== 'queued';
  draft.setOutcome(pkg, test, hasStarted ? 'lost' : 'never-started');
  test.lost = reason;
  test.closedNs = atNs;
  mark(test, 'missing-end');
}

function lastEndOfChildren(draft: RunDraft, test: TestDraft): Ns | undefined {
  let latest: Ns | undefined;
  for (let row = test.lastChild; row !== NONE;) {
    const child = draft.peek(row);
    if (child === undefined) break;
    if (child.endNs !== undefined && (latest === undefined || child.endNs > latest)) latest = child.endNs;
    row = child.prevSibling;
  }
  return latest;
}

/** `attr` and `artifacts`: what a test says of itself. */
export function foldExtra(test: TestDraft, event: TestEvent): void {
  const extras = extrasOf(test);
  const { Key, Value, Path } = event.more ?? {};
  if (event.action === 'attr' && typeof Key === 'string') {
    const value = typeof Value === 'string' ? Value : '';
    if (extras.attributes.length < MAX_ATTRIBUTES)
      test.more = { ...extras, attributes: [...extras.attributes, [Key, value]] };
  }
  if (event.action === 'artifacts' && typeof Path === 'string') test.more = { ...extras, artifactDir: Path };
}

/** Attributes kept of one test; a loop that calls T.Attr must not fill the memory. */
const MAX_ATTRIBUTES = 1000;
