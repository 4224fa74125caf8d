import { nsSince, rowAt, type Ns } from '@observe/base';
import { BEFORE } from '@observe/gotrace';
import { NONE, type RunState } from '../state.ts';
import type { OwnerPairs } from './owner-pairs.ts';
import type { ProcessTrace } from './process-trace.ts';

/** Where a trace lies on the clock of its run. Run time = trace time + `originNs`, within `errorNs`. */
export interface TraceAlignment {
  /** Ns of the run at the trace's 0; 0 when unknown. */
  readonly originNs: number;
  /**
   * `snapshot`: the trace tells its own wall clock (Go 1.25 and later). `paired`: by tests that both tell of. `host`: by the
   * monotonic clock of whoever read the stream, on the same machine. `unknown`: nothing says so.
   */
  readonly quality: 'snapshot' | 'paired' | 'host' | 'unknown';
  /** Infinite when unknown. */
  readonly errorNs: number;
  /** The same, piece by piece, where the wall clock was read again; sorted by `fromNs`, the first holds before it, too. */
  readonly pieces: readonly AlignmentPiece[];
}

export interface AlignmentPiece {
  /** Ns of the trace. */
  readonly fromNs: number;
  readonly originNs: number;
}

/** test2json reads the clock when the line has come through a pipe: 10 – 100 µs after it was written at the least (measured). */
const LINE_DELAY_NS = 100e3;
/** Where too few lines tell how late they come: they seldom come later. */
const FEW_LINES_NS = 1e6;
/** From the first line's Time to its being read, when a pipe lies between. */
const PIPE_DELAY_NS = 10e6;
/** Go reads its three clocks one after the other. */
const READING_NS = 1000;
/** Clocks that are slewed drift by less in a second; more is a step of the wall clock, at a moment that nobody knows. */
const STEP_NS = 1e6;
/** A trace that lies further outside of its run is of another boot, or of another run. */
const OUTSIDE_NS = 60e9;
/** Pairs that are looked at. */
const SAMPLE = 4096;

const UNKNOWN: TraceAlignment = { originNs: 0, quality: 'unknown', errorNs: Number.POSITIVE_INFINITY, pieces: [] };

/** The best that is known. Cost: one look at each paired test, where the trace has no clock of its own. */
export function alignTrace(trace: ProcessTrace, pairs: OwnerPairs | undefined, run: RunState): TraceAlignment {
  return bySnapshots(trace, run) ?? (pairs && byPairs(trace, pairs, run)) ?? byHost(trace, run) ?? UNKNOWN;
}

/** Run time of a moment of the trace; undefined when it is not known. */
export function runNsOf({ quality, originNs, pieces }: TraceAlignment, traceNs: number): Ns | undefined {
  if (quality === 'unknown') return undefined;
  return (traceNs + (pieces[pieceAt(pieces, traceNs, 0)]?.originNs ?? originNs)) as Ns;
}

/** Trace time of a moment of the run; undefined when it is not known. */
export function traceNsOf({ quality, originNs, pieces }: TraceAlignment, runNs: number): number | undefined {
  if (quality === 'unknown') return undefined;
  return runNs - (pieces[pieceAt(pieces, runNs, 1)]?.originNs ?? originNs);
}

/** The last piece that has begun; `inRun` 1: the moment is one of the run. */
function pieceAt(pieces: readonly AlignmentPiece[], atNs: number, inRun: 0 | 1): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle] as AlignmentPiece;
    if (piece.fromNs + inRun * piece.originNs > atNs) high = middle;
    else low = middle + 1;
  }
  return Math.max(0, low - 1);
}

function bySnapshots({ clocks }: ProcessTrace, { origin }: RunState): TraceAlignment | undefined {
  if (origin === undefined) return undefined;
  const pieces = clocks.map(({ atNs, wall }) => ({ fromNs: atNs, originNs: nsSince(origin, wall) - atNs }));
  const first = pieces[0];
  if (first === undefined) return undefined;
  // Between two readings the clocks may have drifted as far apart as the second one says; a step is followed.
  const driftNs = pieces.reduce((most, { originNs }, i) => {
    const changeNs = Math.abs(originNs - (pieces[i - 1]?.originNs ?? originNs));
    return changeNs < STEP_NS ? Math.max(most, changeNs) : most;
  }, READING_NS);
  return { originNs: first.originNs, quality: 'snapshot', errorNs: driftNs, pieces };
}

/**
 * A line's Time is read after it was written, so the least difference is nearest to the truth. Where the write is not in the trace,
 * the making of the test's goroutine stands for it, which comes a little later.
 */
function byPairs(trace: ProcessTrace, pairs: OwnerPairs, run: RunState): TraceAlignment | undefined {
  const { owners } = trace;
  let originNs = Number.POSITIVE_INFINITY;
  const offsets: number[] = [];
  const guesses: number[] = [];
  for (let owner = 0; owner < owners.length; owner++) {
    const test = pairs.testOf(owner);
    if (test === NONE) continue;
    const startNs = rowAt(run.tests, test)?.startNs;
    if (startNs === undefined) continue;
    const announcedNs = owners.announcedNs.values[owner] as number;
    if (announcedNs === BEFORE) {
      if (guesses.length < SAMPLE) guesses.push(startNs - (owners.createdNs.values[owner] as number));
      continue;
    }
    originNs = Math.min(originNs, startNs - announcedNs);
    if (offsets.length < SAMPLE) offsets.push(startNs - announcedNs);
  }
  if (offsets.length > 0) {
    const spreadNs = offsets.length < 4 ? FEW_LINES_NS : quantile(offsets, 0.25) - originNs;
    return { originNs, quality: 'paired', errorNs: Math.max(LINE_DELAY_NS, spreadNs), pieces: [] };
  }
  if (guesses.length === 0) return undefined;
  return { originNs: quantile(guesses, 0.5), quality: 'paired', errorNs: FEW_LINES_NS, pieces: [] };
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] as number;

/**
 * The monotonic clock of the machine is the trace's own, where whoever read the stream did so live, on the same machine. What remains is
 * how long the first line was on its way to it.
 */
function byHost({ originMonoNs }: ProcessTrace, run: RunState): TraceAlignment | undefined {
  const { host, lastNs = 0 } = run;
  if (originMonoNs === undefined || run.originMonoNs === undefined) return undefined;
  if (host === undefined || host.importedFrom !== undefined) return undefined;
  const originNs = Number(originMonoNs) - run.originMonoNs;
  if (originNs < -OUTSIDE_NS || originNs > lastNs + OUTSIDE_NS) return undefined;
  return { originNs, quality: 'host', errorNs: PIPE_DELAY_NS, pieces: [] };
}
