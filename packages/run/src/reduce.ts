import { detach, ns, nsSince, type Ns } from '@observe/base';
import type { RepairId, TestEvent } from '@observe/gotest';
import { assertNever } from '@observe/base';
import { foldBuildEvent, foldStrayBuild } from './builds.ts';
import { endPackage, endRun, foldExtra, reopenRun } from './close.ts';
import { mark, RunDraft, type PackageDraft } from './draft.ts';
import type { RunEvent } from './event.ts';
import { begin, endByEvent, executionOf, pause, resume } from './life.ts';
import { addOutput } from './output.ts';
import { withArtifact, withProcess } from './parts.ts';
import type { RunState } from './state.ts';
import { foldOutput } from './text.ts';

/** Different actions that nobody knows are counted up to here, then together as `…`. */
const MAX_UNKNOWN_ACTIONS = 100;

/**
 * The state after a batch of a run's log. Pure: no cut of the log into batches and no event sent twice changes the
 * result. Cost: about a microsecond an event, and a copy of each chunk of rows that the batch touches.
 */
export function reduceRun(state: RunState, batch: readonly RunEvent[]): RunState {
  let draft: RunDraft | undefined;
  let { seq } = state;
  for (const event of batch) {
    if (event.seq <= seq) continue; // sent twice after a reconnect
    seq = event.seq;
    draft ??= new RunDraft(state);
    foldEvent(draft, event);
  }
  if (draft === undefined) return state;
  draft.run.seq = seq;
  return draft.finish();
}

export function foldEvent(draft: RunDraft, event: RunEvent): void {
  draft.run.lastMonoNs = event.monoNs;
  if (draft.run.end?.reason === 'lost' && event.kind !== 'end' && !isAdded(event)) reopenRun(draft);
  switch (event.kind) {
    case 'test':
      foldTest(draft, event.event, event.seq, event.monoNs);
      break;
    case 'stray':
      draft.quality.strays++;
      if (event.isCut) draft.quality.cutLines++;
      draft.quality.strayOutput = addOutput(draft.quality.strayOutput, event.seq, true, event.text.length, 1);
      if (!event.isCut) foldStrayBuild(draft, event.text, event.seq);
      break;
    case 'host':
      draft.run.host = { ...draft.run.host, ...event.facts };
      break;
    case 'clock':
      break;
    case 'process':
      draft.run.processes = withProcess(draft.run.processes, event.process, event.monoNs);
      break;
    case 'artifact':
      draft.run.artifacts = withArtifact(draft.run.artifacts, event.artifact);
      break;
    case 'end':
      endRun(draft, event.reason, event.exitCode, event.seq);
      break;
    default:
      assertNever(event);
  }
}

/** Artifacts may be added to a run that is over: that does not make it run again. */
const isAdded = (event: RunEvent): boolean => event.kind === 'artifact' && event.artifact.state !== 'growing';

function foldTest(draft: RunDraft, event: TestEvent, seq: number, monoNs: number): void {
  const { quality } = draft;
  quality.events++;
  if (event.outputType !== undefined) quality.hasOutputType = true;
  if (event.action === 'build-output' || event.action === 'build-fail') {
    foldBuildEvent(draft, event, seq);
    return;
  }
  const { action } = event;
  if (!isKnown(action)) {
    countUnknown(draft, action);
    return;
  }
  if (event.package !== undefined) quality.hasPackage = true;
  const pkg = draft.packageNamed(event.package ?? '');
  const atNs = readTime(draft, pkg, event, monoNs);
  if (pkg.outcome !== 'running') reopenPackage(pkg, event);
  pkg.startNs ??= atNs;

  const name = event.test;
  switch (action) {
    case 'start':
      break;
    case 'run':
      if (name !== undefined) begin(draft, pkg, name, atNs, NO_REPAIRS);
      break;
    case 'pause':
      if (name !== undefined) pause(draft, pkg, executionOf(draft, pkg, name, atNs), atNs);
      break;
    case 'cont':
      if (name !== undefined) resume(draft, pkg, executionOf(draft, pkg, name, atNs), atNs);
      break;
    case 'output':
      foldOutput(draft, pkg, event, seq, atNs);
      break;
    case 'attr':
    case 'artifacts':
      if (name !== undefined) foldExtra(executionOf(draft, pkg, name, atNs), event);
      break;
    case 'bench':
      if (name !== undefined) endByEvent(draft, pkg, name, 'pass', atNs, event.elapsed);
      break;
    case 'pass':
    case 'fail':
    case 'skip':
      if (name === undefined) endPackage(draft, pkg, action, event, seq, atNs);
      else endByEvent(draft, pkg, name, action, atNs, event.elapsed);
      break;
  }
}

const NO_REPAIRS: readonly RepairId[] = [];

const KNOWN = new Set([
  'start',
  'run',
  'pause',
  'cont',
  'output',
  'attr',
  'artifacts',
  'bench',
  'pass',
  'fail',
  'skip',
] as const);
type Known = typeof KNOWN extends Set<infer Action> ? Action : never;
const isKnown = (action: string): action is Known => (KNOWN as ReadonlySet<string>).has(action);

/** R19: an unknown action is data; it is counted and ends nothing. */
function countUnknown(draft: RunDraft, action: string): void {
  const counted = draft.quality.unknownActions;
  const key = counted.has(action) || counted.size < MAX_UNKNOWN_ACTIONS ? action.slice(0, 100) : '…';
  draft.quality.unknownActions = new Map(counted).set(detach(key), (counted.get(key) ?? 0) + 1);
}

/** The event's time since the run's origin. */
function readTime(draft: RunDraft, pkg: PackageDraft, event: TestEvent, monoNs: number): Ns | undefined {
  const { time } = event;
  if (time === undefined) return undefined;
  const { run } = draft;
  if (run.origin === undefined) {
    run.origin = time;
    run.originMonoNs = monoNs;
    draft.quality.hasTime = true;
  }
  return settleTime(draft, pkg, nsSince(run.origin, time));
}

/** Within a package, time never goes back (R20). */
export function settleTime(draft: RunDraft, pkg: PackageDraft, time: Ns): Ns {
  let atNs = time;
  const { run } = draft;
  const { scan } = pkg;
  if (scan.lastNs !== undefined && atNs < scan.lastNs) {
    draft.quality.backSteps++;
    mark(pkg, 'time-stepped-back');
    atNs = scan.lastNs;
  }
  scan.lastNs = atNs;
  if (run.lastNs === undefined || atNs > run.lastNs) run.lastNs = ns(atNs);
  return atNs;
}

/** Something came after the package's end: a second run of it (a rerun of failed tests, a stream joined to another), or late output. */
function reopenPackage(pkg: PackageDraft, event: TestEvent): void {
  if (event.action !== 'start' && event.action !== 'run') return;
  pkg.outcome = 'running';
  pkg.endNs = undefined;
  pkg.elapsedNs = undefined;
  pkg.isCached = false;
  pkg.scan.hasVerdict = false;
}
