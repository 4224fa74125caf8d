import { ns, rowAt, type Rows } from '@observe/base';
import { visitSegments, type TestState } from '@observe/run';
import { laneEndNs } from './lane.ts';
import type { Pen, Theme } from './theme.ts';
import { xOf, type Bounds, type Viewport } from './viewport.ts';

/** The whole run in BINS pieces of equal length: the mean number of tests that ran, and that waited for their turn. */
export interface Overview {
  readonly bounds: Bounds;
  readonly running: Float64Array;
  readonly parked: Float64Array;
  /** Tests that failed, and that were lost or never started, in each piece. */
  readonly fails: Int32Array;
  readonly losts: Int32Array;
}

/** More than the pixels of the strip on most screens; small enough to sum up anew while a run is live. */
export const BINS = 1024;

/** Cost: O(segments); some 15 ms for 100,000 tests. */
export function overviewOf(tests: Rows<TestState>, bounds: Bounds): Overview {
  const running = new Float64Array(BINS + 1);
  const parked = new Float64Array(BINS + 1);
  const fails = new Int32Array(BINS);
  const losts = new Int32Array(BINS);
  const binNs = Math.max(1, (bounds.toNs - bounds.fromNs) / BINS);
  const binOf = (atNs: number): number => Math.min(BINS - 1, Math.max(0, Math.floor((atNs - bounds.fromNs) / binNs)));
  for (let row = 0; row < tests.length; row++) {
    const test = rowAt(tests, row);
    const endNs = test === undefined ? undefined : laneEndNs(test, bounds.toNs);
    if (test === undefined || endNs === undefined) continue;
    if (test.outcome === 'fail' && test.children === 0) fails[binOf(endNs)]! += 1;
    if (test.outcome === 'lost' || test.outcome === 'never-started') losts[binOf(endNs)]! += 1;
    visitSegments(test, ns(endNs), (phase, fromNs, toNs) => {
      const into =
        phase === 'running' || phase === 'cleanup'
          ? running
          : phase === 'paused' || phase === 'queued'
            ? parked
            : undefined;
      if (into === undefined) return;
      addSpan(into, (fromNs - bounds.fromNs) / binNs, (toNs - bounds.fromNs) / binNs);
    });
  }
  accumulate(running);
  accumulate(parked);
  return { bounds, running: running.subarray(0, BINS), parked: parked.subarray(0, BINS), fails, losts };
}

/**
 * Adds 1 to each bin from `from` to `to` (in bins), a share of it to those at its ends, as differences: each span costs four
 * additions, however long it is. `accumulate` makes values of them.
 */
function addSpan(bins: Float64Array, from: number, to: number): void {
  addStep(bins, from, 1);
  addStep(bins, to, -1);
}

function addStep(bins: Float64Array, at: number, by: number): void {
  const clamped = Math.min(BINS, Math.max(0, at));
  const bin = Math.floor(clamped);
  const share = bin + 1 - clamped;
  bins[bin]! += by * share;
  if (bin < BINS) bins[bin + 1]! += by * (1 - share);
}

function accumulate(bins: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < bins.length; i++) {
    sum += bins[i]!;
    bins[i] = sum;
  }
}

/** Draws the strip: those that ran, those that waited on top of them, and losses as ticks along the upper edge. */
export function paintOverview(pen: Pen, overview: Overview, strip: Viewport, heightPx: number, theme: Theme): void {
  const { bounds, running, parked } = overview;
  const binNs = (bounds.toNs - bounds.fromNs) / BINS;
  const binPx = (xOf(strip, bounds.toNs) - xOf(strip, bounds.fromNs)) / BINS;
  const columns = Math.max(1, Math.floor(BINS * Math.min(1, binPx / theme.hairline)));
  const perColumn = BINS / columns;
  const peaks = { running: new Float64Array(columns), total: new Float64Array(columns) };
  let peak = 1;
  for (let i = 0; i < BINS; i++) {
    const c = Math.min(columns - 1, Math.floor(i / perColumn));
    peaks.running[c] = Math.max(peaks.running[c]!, running[i]!);
    peaks.total[c] = Math.max(peaks.total[c]!, running[i]! + parked[i]!);
    peak = Math.max(peak, peaks.total[c]);
  }
  const bottom = heightPx - 1;
  const room = heightPx - 9;
  const x = (column: number): number =>
    Math.round(xOf(strip, bounds.fromNs + column * perColumn * binNs) / theme.hairline) * theme.hairline;
  for (const [values, paint] of [
    [peaks.total, theme.shade],
    [peaks.running, theme.area],
  ] as const) {
    pen.fillStyle = paint;
    for (let c = 0; c < columns; c++) {
      const value = values[c]!;
      if (value <= 1e-9) continue;
      const height = Math.max(theme.hairline, (value / peak) * room);
      pen.fillRect(x(c), bottom - height, Math.max(theme.hairline, x(c + 1) - x(c)), height);
    }
  }
  for (const [counts, colour] of [
    [overview.losts, theme.outcome.lost],
    [overview.fails, theme.outcome.fail],
  ] as const) {
    pen.fillStyle = colour;
    for (let i = 0; i < BINS; i++) if (counts[i]! > 0) pen.fillRect(x(i / perColumn) - 1, 2, 2, 5);
  }
}
