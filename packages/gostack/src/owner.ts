import type { Frame } from './frame.ts';
import type { Dump, Goroutine } from './goroutine.ts';
import type { Labels } from './labels.ts';
import type { FatalBlock, PanicBlock, RaceAccess, RaceBlock } from './report.ts';
import { isStandardLibrary } from './std.ts';
import { testOfFrame, TEST_RUNNERS } from './test-function.ts';

/** The test a goroutine works for, as far as text alone can tell. */
export interface Owner {
  /**
   * The top-level test. Text does not tell which subtest a closure is; a label or a message does, and then it is the full
   * name, `TestA/sub`.
   */
  readonly test: string;
  /**
   * What says so, best first. `label`: the profiler label `test`. `message`: `testing` named it (a log after the end).
   * `frame`: the frame under the test's runner. `creator`: the creation site, or a goroutine further up. `closure`: only
   * the name of a function on the stack.
   */
  readonly by: 'label' | 'message' | 'frame' | 'creator' | 'closure';
  /** The goroutine that says so: itself, or the creator where the chain ended. Absent: not known. */
  readonly goid: number | undefined;
  /** The function that names the test; absent for labels and messages. */
  readonly func: string | undefined;
}

/** `ownersOf` for one goroutine. Cost: linear in the number of goroutines. */
export const ownerOf = (goroutine: Goroutine, dump: Dump): Owner | undefined =>
  walk(goroutine, byGoid(dump), new Map<Goroutine, Owner | undefined>());

/** The owners of all goroutines of a dump that have one. Cost: linear. */
export function ownersOf(dump: Dump): ReadonlyMap<Goroutine, Owner> {
  const index = byGoid(dump);
  const known = new Map<Goroutine, Owner | undefined>();
  const owners = new Map<Goroutine, Owner>();
  for (const goroutine of dump.goroutines) {
    const owner = walk(goroutine, index, known);
    if (owner) owners.set(goroutine, owner);
  }
  return owners;
}

/**
 * Who started the goroutine that died: the culprit, which may long have passed when it takes another test with it. Undefined
 * for a timeout and a deadlock, which no single goroutine causes, and where the text does not tell.
 */
export function culpritOf(block: PanicBlock | FatalBlock): Owner | undefined {
  const [first] = block.dump.goroutines;
  const named = block.kind === 'panic' ? AFTER_END.exec(block.message)?.[1] : undefined;
  if (named !== undefined) return { test: named, by: 'message', goid: first?.goid, func: undefined };
  const isTimeout = block.kind === 'panic' && block.timeout !== undefined;
  return isTimeout || first?.status !== 'running' ? undefined : ownerOf(first, block.dump);
}

/** Source: Go, `testing.go`. A subtest's name has no spaces. */
const AFTER_END = /^(?:Log|Fail) in goroutine after (\S+) has completed/;

/** The test behind one access of a race: from its stack, else from where its goroutine was created. */
export function ownerOfAccess(access: RaceAccess, race: RaceBlock): Owner | undefined {
  const { goid } = access;
  const made = race.goroutines.find((goroutine) => goroutine.goid === goid);
  return (
    ownFrame(access.frames, goid, 'frame') ??
    (made && (ownFrame(made.frames, undefined, 'creator') ?? anyFrame(made.frames, undefined, 'creator'))) ??
    anyFrame(access.frames, goid, 'closure')
  );
}

/**
 * The test behind a stack without an id: of a counted goroutine, or of a sample of a profile. `frames` innermost first; no
 * labels: it has none. No `creator`: such stacks do not tell who made them.
 */
export const ownerOfStack = (frames: readonly Called[], labels: Labels): Owner | undefined =>
  labelOwner(labels, undefined) ?? ownFrame(frames, undefined, 'frame') ?? anyFrame(frames, undefined, 'closure');

/** What of a frame names a test. */
type Called = Pick<Frame, 'func' | 'file'>;

/** Up the creators until one knows. A goroutine is younger than its creator; a text that lies may say otherwise. */
function walk(
  start: Goroutine,
  index: ReadonlyMap<number, Goroutine>,
  known: Map<Goroutine, Owner | undefined>,
): Owner | undefined {
  const way: Goroutine[] = [];
  const seen = new Set<Goroutine>();
  let found: Owner | undefined;
  for (let at: Goroutine | undefined = start; at && !seen.has(at);) {
    if (known.has(at)) {
      found = known.get(at);
      break;
    }
    seen.add(at);
    way.push(at);
    found = sayOf(at);
    if (found) break;
    const up: number | undefined = at.createdBy?.goid;
    at = up === undefined ? undefined : index.get(up);
  }
  // What the creator knows holds for what it created, second hand.
  for (const goroutine of way.reverse()) {
    if (found && found.goid !== goroutine.goid) found = { ...found, by: 'creator' };
    found ??= anyFrame(goroutine.frames, goroutine.goid, 'closure');
    known.set(goroutine, found);
  }
  return known.get(start);
}

/** What a goroutine itself tells, its own creation site included. */
function sayOf(goroutine: Goroutine): Owner | undefined {
  const { goid, frames, createdBy, labels } = goroutine;
  const own = labelOwner(labels, goid) ?? ownFrame(frames, goid, 'frame');
  if (own) return own;
  const creator = createdBy && testOfFrame(createdBy);
  if (createdBy && creator !== undefined) {
    return { test: creator, by: 'creator', goid: createdBy.goid, func: createdBy.func };
  }
  for (const ancestor of goroutine.ancestors) {
    const found =
      ownFrame(ancestor.frames, ancestor.goid, 'creator') ?? anyFrame(ancestor.frames, ancestor.goid, 'creator');
    if (found) return found;
  }
  return undefined;
}

function labelOwner(labels: Labels, goid: number | undefined): Owner | undefined {
  const test = labels['test'];
  return test === undefined || test === '' ? undefined : { test, by: 'label', goid, func: undefined };
}

/** The test function right under its runner: the outermost frame of the user's. */
function ownFrame(frames: readonly Called[], goid: number | undefined, by: Owner['by']): Owner | undefined {
  const runner = frames.findLastIndex((frame) => TEST_RUNNERS.has(frame.func));
  if (runner === -1) return undefined;
  const top = frames.slice(0, runner).findLast((frame) => !isStandardLibrary(frame));
  const test = top && testOfFrame(top);
  return top && test !== undefined ? { test, by, goid, func: top.func } : undefined;
}

/** Any function that stands in a test's source, outermost first. */
function anyFrame(frames: readonly Called[], goid: number | undefined, by: Owner['by']): Owner | undefined {
  const named = frames.findLast((frame) => testOfFrame(frame) !== undefined);
  const test = named && testOfFrame(named);
  return named && test !== undefined ? { test, by, goid, func: named.func } : undefined;
}

/** A goroutine printed twice (GOTRACEBACK=crash): the first counts. */
function byGoid(dump: Dump): ReadonlyMap<number, Goroutine> {
  const index = new Map<number, Goroutine>();
  for (const goroutine of dump.goroutines) if (!index.has(goroutine.goid)) index.set(goroutine.goid, goroutine);
  return index;
}
