import type { LanesAnswer } from '@observe/protocol';
import { bisectRight } from 'd3-array';
import { groupOf } from './go-groups.ts';
import type { Strip } from './paint-chart.ts';
import { crisp } from './paint-frame.ts';
import type { Pen, Theme } from './theme.ts';
import { xOf, type Viewport } from './viewport.ts';

/** What one goroutine did, as it was answered. */
export type GoLane = LanesAnswer['lanes'][number];

/** What is drawn of a goroutine besides its states. */
export interface GoLaneFrame {
  readonly lane: GoLane;
  readonly view: Viewport;
  /** It goes on here: the traces do not reach further. Undefined: it has ended. */
  readonly openNs: number | undefined;
  /** From here on it outlives its test; undefined: it does not. */
  readonly outlivesNs: number | undefined;
}

/** A wait is half as high as what works, or could: the shape says which, the colour what for. */
const WAIT_SHARE = 0.5;

/** Draws one goroutine. Cost: O(intervals in sight), of which an answer has about one a pixel. */
export function paintGoLane(pen: Pen, frame: GoLaneFrame, { yPx, heightPx }: Strip, theme: Theme): void {
  const { lane, view, openNs, outlivesNs } = frame;
  const { startNs, endNs } = lane;
  for (let i = bisectRight(endNs, view.fromNs); i < startNs.length; i++) {
    const [from = 0, to = 0, state = 'waiting'] = [startNs[i], endNs[i], lane.state[i]];
    if (from > view.toNs) break;
    const x0 = crisp(Math.max(xOf(view, from), -1), theme);
    const x1 = Math.max(crisp(Math.min(xOf(view, to), view.widthPx + 1), theme), x0 + theme.hairline);
    const height = state === 'waiting' ? heightPx * WAIT_SHARE : heightPx;
    pen.fillStyle = theme.go[groupOf(state, lane.reason[i] ?? '')];
    pen.fillRect(x0, yPx + (heightPx - height) / 2, x1 - x0, height);
  }
  const lastNs = openNs ?? endNs.at(-1);
  if (outlivesNs !== undefined && lastNs !== undefined && lastNs > outlivesNs) {
    const [x0, x1] = [Math.max(0, xOf(view, outlivesNs)), Math.min(view.widthPx, xOf(view, lastNs))];
    pen.fillStyle = theme.outcome.lost;
    if (x1 > x0) pen.fillRect(crisp(x0, theme), yPx + heightPx, x1 - x0, 2);
  }
  if (openNs !== undefined) paintOpenEnd(pen, xOf(view, openNs), yPx + heightPx / 2, theme);
}

/** It goes on, as far as is known. */
function paintOpenEnd(pen: Pen, xPx: number, middlePx: number, theme: Theme): void {
  pen.fillStyle = theme.faintText;
  pen.beginPath();
  pen.moveTo(xPx + 1, middlePx - 3);
  pen.lineTo(xPx + 5, middlePx);
  pen.lineTo(xPx + 1, middlePx + 3);
  pen.closePath();
  pen.fill();
}

/** Index of the interval at a moment, or of a shorter one within `nearNs`; -1: none. */
export function intervalAt({ startNs, endNs }: GoLane, atNs: number, nearNs: number): number {
  const i = bisectRight(endNs, atNs);
  for (const at of [i, i - 1])
    if ((startNs[at] ?? Infinity) <= atNs + nearNs && (endNs[at] ?? -Infinity) >= atNs - nearNs) return at;
  return -1;
}

/** The ends of two generations of a trace meet no better than this: seen 64 ns apart. */
const SEAM_NS = 1000;

/** From when to when the goroutine was in the state of an interval: its neighbours may be the same wait, seen again by the trace. */
export function stretchOf({ startNs, endNs, state, reason }: GoLane, at: number): { fromNs: number; toNs: number } {
  const isOne = (a: number, b: number): boolean =>
    (startNs[b] ?? NaN) - (endNs[a] ?? NaN) <= SEAM_NS && state[a] === state[b] && reason[a] === reason[b];
  let [first, last] = [at, at];
  while (first > 0 && isOne(first - 1, first)) first--;
  while (last + 1 < startNs.length && isOne(last, last + 1)) last++;
  return { fromNs: startNs[first] ?? NaN, toNs: endNs[last] ?? NaN };
}
