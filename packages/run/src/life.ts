import { nsFromElapsed, type Ns } from '@observe/base';
import type { Frame, RepairId } from '@observe/gotest';
import { mark, type PackageDraft, type RunDraft, type TestDraft } from './draft.ts';
import { grown } from './growth.ts';
import { NONE } from './state.ts';

/** `run`: a new execution; its parent waits for it in t.Run. */
export function begin(
  draft: RunDraft,
  pkg: PackageDraft,
  name: string,
  atNs: Ns | undefined,
  repaired: readonly RepairId[],
): TestDraft {
  const test = draft.addTest(pkg, name, repaired.includes('missing-run') ? undefined : atNs, repaired);
  if (test.parent !== NONE) {
    const parent = draft.test(test.parent);
    if (parent.phase === 'running') draft.setPhase(pkg, parent, 'waiting', atNs);
  }
  return test;
}

/** The latest execution of `name`, made when there is none (R1). */
export function executionOf(draft: RunDraft, pkg: PackageDraft, name: string, atNs: Ns | undefined): TestDraft {
  const row = draft.latest(pkg, name);
  return row === undefined ? begin(draft, pkg, name, atNs, ['missing-run']) : draft.test(row);
}

/** `pause`: t.Parallel hands the parent back its turn. */
export function pause(draft: RunDraft, pkg: PackageDraft, test: TestDraft, atNs: Ns | undefined): void {
  if (test.phase === undefined || test.phase === 'ended') return;
  draft.setPhase(pkg, test, 'paused', atNs);
  const holder = test.parent === NONE ? pkg.scan : draft.test(test.parent);
  holder.paused = grown(holder.paused, holder.pausedCount++, test.row);
  if (test.isParallel) return;
  test.isParallel = true;
  if (test.parent === NONE) return;
  const parent = draft.test(test.parent);
  parent.openParallel++;
  if (parent.phase === 'waiting') draft.setPhase(pkg, parent, 'running', atNs);
}

/**
 * `cont`: a slot is there. Parallel tests go on only after their parent's body has returned, so the first `cont` among
 * siblings says that the others wait for nothing but a slot, and that the parent waits for them all.
 */
export function resume(draft: RunDraft, pkg: PackageDraft, test: TestDraft, atNs: Ns | undefined): void {
  if (test.phase === undefined || test.phase === 'ended') return;
  if (test.phase === 'paused') queueSiblings(draft, pkg, test, atNs);
  draft.setPhase(pkg, test, 'running', atNs);
  if (test.parent === NONE) return;
  const parent = draft.test(test.parent);
  if (parent.phase === 'running') draft.setPhase(pkg, parent, 'waiting', atNs);
}

function queueSiblings(draft: RunDraft, pkg: PackageDraft, test: TestDraft, atNs: Ns | undefined): void {
  const holder = test.parent === NONE ? pkg.scan : draft.test(test.parent);
  for (let i = 0; i < holder.pausedCount; i++) {
    const row = holder.paused[i] ?? NONE;
    if (row !== test.row && draft.peek(row)?.phase === 'paused') draft.setPhase(pkg, draft.test(row), 'queued', atNs);
  }
  holder.paused = [];
  holder.pausedCount = 0;
}

const OUTCOMES = { PASS: 'pass', FAIL: 'fail', SKIP: 'skip' } as const;

/** The result line: the true end (R2). A later one of the same execution replaces an earlier one. */
export function endByLine(
  draft: RunDraft,
  pkg: PackageDraft,
  test: TestDraft,
  frame: Frame,
  atNs: Ns | undefined,
): void {
  if (frame.mark !== 'PASS' && frame.mark !== 'FAIL' && frame.mark !== 'SKIP') return;
  if (test.phase === undefined) return;
  draft.setOutcome(pkg, test, OUTCOMES[frame.mark]);
  test.endNs = atNs;
  if (frame.elapsed !== undefined) test.elapsedNs = nsFromElapsed(frame.elapsed);
  if (test.phase === 'ended') return;
  draft.setPhase(pkg, test, 'ended', atNs);
  tellParent(draft, pkg, test, atNs);
}

/** `pass`, `fail`, `skip`: confirms; it moves an end only when no line gave one. */
export function endByEvent(
  draft: RunDraft,
  pkg: PackageDraft,
  name: string,
  outcome: 'pass' | 'fail' | 'skip',
  atNs: Ns | undefined,
  elapsed: number | undefined,
): void {
  let test = executionOf(draft, pkg, name, atNs);
  if (test.phase === undefined) test = begin(draft, pkg, name, atNs, ['missing-run']);
  endTest(draft, pkg, test, outcome, atNs, elapsed);
}

export function endTest(
  draft: RunDraft,
  pkg: PackageDraft,
  test: TestDraft,
  outcome: 'pass' | 'fail' | 'skip',
  atNs: Ns | undefined,
  elapsed: number | undefined,
): void {
  const hadLine = test.phase === 'ended';
  const head = pkg.scan.head;
  if (outcome === 'pass' && !hadLine && head?.pinnedOn === test.row && pkg.scan.framesSinceHead === 0) {
    mark(test, 'wrong-pass'); // stays open: the package's end says how it was lost
    return;
  }
  draft.setOutcome(pkg, test, outcome);
  test.reportedNs = atNs;
  if (elapsed !== undefined) test.elapsedNs = nsFromElapsed(elapsed);
  if (!hadLine) {
    test.endNs = atNs;
    if (atNs !== undefined && !pkg.isCached) mark(test, 'end-at-most');
    tellParent(draft, pkg, test, atNs);
  }
  draft.setPhase(pkg, test, undefined, atNs);
  if (outcome !== 'fail') closeChildren(draft, pkg, test, atNs);
}

/** R25: a benchmark's result line is its end. */
export function endBenchmark(
  draft: RunDraft,
  pkg: PackageDraft,
  test: TestDraft,
  line: string,
  atNs: Ns | undefined,
): void {
  test.more = { ...extrasOf(test), benchmark: line };
  if (test.phase === undefined || test.phase === 'ended') return;
  draft.setOutcome(pkg, test, 'pass');
  test.endNs = atNs;
  mark(test, 'benchmark-end');
  tellParent(draft, pkg, test, atNs);
  draft.setPhase(pkg, test, undefined, atNs);
}

export const extrasOf = (test: TestDraft): NonNullable<TestDraft['more']> =>
  test.more ?? { attributes: [], artifactDir: undefined, benchmark: undefined, hasRace: false };

/** R5: a parent that passed has no subtest that did not. */
function closeChildren(draft: RunDraft, pkg: PackageDraft, parent: TestDraft, atNs: Ns | undefined): void {
  let row = parent.lastChild;
  while (row !== NONE) {
    const child = draft.peek(row);
    if (child === undefined) return;
    if (child.phase !== undefined) {
      const open = draft.test(row);
      if (open.phase !== 'ended') {
        draft.setOutcome(pkg, open, 'pass');
        mark(open, open.kind === 'benchmark' ? 'benchmark-end' : 'missing-subtest-end');
        open.endNs = atNs;
      }
      draft.setPhase(pkg, open, undefined, atNs);
      closeChildren(draft, pkg, open, atNs);
    }
    row = child.prevSibling;
  }
}

/** The parent goes on after a serial subtest; after its last parallel one, only its cleanup is left. */
function tellParent(draft: RunDraft, pkg: PackageDraft, test: TestDraft, atNs: Ns | undefined): void {
  if (test.parent === NONE) return;
  const parent = draft.test(test.parent);
  if (test.isParallel) parent.openParallel = Math.max(0, parent.openParallel - 1);
  if (parent.phase !== 'waiting') return;
  if (!test.isParallel) draft.setPhase(pkg, parent, 'running', atNs);
  else if (parent.openParallel === 0) draft.setPhase(pkg, parent, 'cleanup', atNs);
}
