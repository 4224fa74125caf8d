import { ns } from '@observe/base';
import { PHASES, stopNsOf, type Phase, type TestState } from '@observe/run';

/** A piece of a test's lane. `isOpen`: it goes on now. The piece `ended` is the tail between the true end and Go's report of it. */
export interface LaneSegment {
  readonly fromNs: number;
  readonly toNs: number;
  readonly look: Phase;
  readonly isOpen: boolean;
}

/** Pieces of a lane, the tail included. */
export const segmentCount = (test: TestState): number => test.segmentLength / 2 + (hasTail(test) ? 1 : 0);

/** Where the lane ends: the true end, else where it was closed with its package, else now. Undefined: no times at all. */
export const laneEndNs = (test: TestState, nowNs: number): number | undefined => stopNsOf(test, ns(nowNs));

/** Where phase `index` of a lane begins; undefined beyond the last one. The array is longer than what counts. */
const phaseStartNs = ({ segments, segmentLength }: TestState, index: number): number | undefined =>
  index * 2 < segmentLength ? segments[index * 2] : undefined;

/** Piece `index` of a lane; undefined beyond the last one and without Time. */
export function segmentAt(test: TestState, index: number, nowNs: number): LaneSegment | undefined {
  const isOver = test.phase === undefined;
  const endNs = laneEndNs(test, nowNs);
  if (index === test.segmentLength / 2 && endNs !== undefined && hasTail(test)) {
    return { fromNs: endNs, toNs: Math.max(endNs, test.reportedNs ?? nowNs), look: 'ended', isOpen: !isOver };
  }
  const fromNs = phaseStartNs(test, index);
  const look = PHASES[test.segments[index * 2 + 1] ?? -1];
  if (fromNs === undefined || look === undefined) return undefined;
  const nextNs = phaseStartNs(test, index + 1);
  const toNs = Math.max(fromNs, Math.min(nextNs ?? Infinity, endNs ?? fromNs));
  return { fromNs, toNs, look, isOpen: nextNs === undefined && !isOver && test.phase !== 'ended' };
}

/** First piece that ends after `atNs`, by bisection; the last one may end anywhere. */
export function segmentAfter(test: TestState, atNs: number): number {
  let low = 0;
  let high = test.segmentLength / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((phaseStartNs(test, middle + 1) ?? test.endNs ?? Infinity) <= atNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Ended truly, and Go said so only later or has not yet. */
const hasTail = (test: TestState): boolean =>
  test.endNs !== undefined &&
  (test.phase === 'ended' || (test.reportedNs !== undefined && test.reportedNs > test.endNs));
