import { bisectLeft, bisectRight } from 'd3-array';
import type { PackageOutcome } from '@observe/protocol';
import type { Phase, TestState } from '@observe/run';
import { peakBetween, type ActivityTable } from './activity.ts';
import { laneEndNs, segmentAfter, segmentAt, segmentCount } from './lane.ts';
import type { Pen, Theme } from './theme.ts';
import { nsAt, xOf, type Viewport } from './viewport.ts';

/** CSS pixels. A row of the tree is a row here. */
export const ROW_PX = 22;
const BAR_PX = 12;

/** Height of each phase's bar, in the middle of the row: the shape says the phase, the colour the outcome. */
const HEIGHT_PX: Readonly<Record<Phase, number>> = {
  running: BAR_PX,
  paused: BAR_PX,
  queued: BAR_PX,
  waiting: 2,
  cleanup: 6,
  ended: BAR_PX,
};

/**
 * Draws one test's lane. Cost: O(width × log segments): what falls into a pixel that is already drawn is jumped over.
 * A lane that has begun shows at least one pixel, however far away one looks from.
 */
export function paintTest(pen: Pen, test: TestState, view: Viewport, yPx: number, nowNs: number, theme: Theme): void {
  const endNs = laneEndNs(test, nowNs);
  if (endNs === undefined) return;
  const snap = snapper(theme);
  const count = segmentCount(test);
  for (let i = segmentAfter(test, view.fromNs); i < count;) {
    const segment = segmentAt(test, i, nowNs);
    if (segment === undefined || segment.fromNs > view.toNs) break;
    const x0 = snap(Math.max(xOf(view, segment.fromNs), -4));
    const x1 = Math.max(snap(Math.min(xOf(view, segment.toNs), view.widthPx + 4)), x0 + 1);
    if (x1 > 0) paintSegment(pen, segment.look, test, x0, x1, yPx, theme);
    i = Math.max(i + 1, segmentAfter(test, nsAt(view, x1))); // what ends within this pixel would be drawn over it
  }
  if (test.outcome === 'lost' || test.outcome === 'never-started')
    paintLoss(pen, test, xOf(view, endNs), yPx, view, theme);
}

function paintSegment(pen: Pen, look: Phase, test: TestState, x0: number, x1: number, yPx: number, theme: Theme): void {
  const height = HEIGHT_PX[look];
  const y = yPx + (ROW_PX - height) / 2;
  const colour = theme.outcome[test.outcome];
  if (look === 'ended') {
    if (x1 - x0 < 3) return;
    outline(pen, x0, y + 3, x1 - x0, height - 6, colour, theme);
    return;
  }
  pen.fillStyle = look === 'paused' ? theme.hatch[test.outcome] : look === 'queued' ? theme.dots[test.outcome] : colour;
  pen.fillRect(x0, y, x1 - x0, height);
}

function outline(
  pen: Pen,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  { hairline }: Theme,
): void {
  pen.fillStyle = colour;
  pen.fillRect(x, y, width, hairline);
  pen.fillRect(x, y + height - hairline, width, hairline);
  pen.fillRect(x + width - hairline, y, hairline, height);
}

/** How a lane without an end ends: torn where its package died, or with a diamond when it never got its turn. */
function paintLoss(pen: Pen, test: TestState, xPx: number, yPx: number, view: Viewport, theme: Theme): void {
  if (xPx < -8 || xPx > view.widthPx + 8) return;
  const top = yPx + (ROW_PX - BAR_PX) / 2;
  const middle = yPx + ROW_PX / 2;
  pen.fillStyle = theme.outcome[test.outcome];
  pen.beginPath();
  if (test.outcome === 'never-started') {
    pen.moveTo(xPx, middle - 5);
    pen.lineTo(xPx + 5, middle);
    pen.lineTo(xPx, middle + 5);
    pen.lineTo(xPx - 5, middle);
  } else {
    pen.moveTo(xPx - 1, top);
    for (let i = 0; i < 4; i++) {
      pen.lineTo(xPx + 4, top + i * 3 + 1.5);
      pen.lineTo(xPx, top + i * 3 + 3);
    }
    pen.lineTo(xPx - 1, top + BAR_PX);
  }
  pen.closePath();
  pen.fill();
}

/** What a package's lane needs to know of it. */
export interface PackageLane {
  readonly outcome: PackageOutcome;
  readonly startNs: number | undefined;
  readonly endNs: number | undefined;
}

/**
 * Draws a package: a base line as long as its process lived, above it how many of its tests ran at once, failures and losses
 * as ticks. Cost: O(width × log steps).
 */
export function paintPackage(
  pen: Pen,
  lane: PackageLane,
  table: ActivityTable,
  view: Viewport,
  yPx: number,
  nowNs: number,
  theme: Theme,
): void {
  const snap = snapper(theme);
  const bottom = yPx + ROW_PX - 5;
  if (lane.startNs !== undefined) {
    const x0 = snap(Math.max(xOf(view, lane.startNs), -1));
    const x1 = Math.max(snap(Math.min(xOf(view, lane.endNs ?? nowNs), view.widthPx + 1)), x0 + 1);
    pen.fillStyle = theme.outcome[lane.outcome];
    if (x1 > 0 && x0 < view.widthPx) pen.fillRect(x0, bottom, x1 - x0, 1.5);
  }
  pen.fillStyle = theme.area;
  paintSteps(pen, table, view, nowNs, bottom, ROW_PX - 8, theme);
  paintTicks(pen, table.lostNs, view, yPx + 3, bottom - yPx - 3, theme.outcome.lost, theme);
  paintTicks(pen, table.failNs, view, yPx + 3, bottom - yPx - 3, theme.outcome.fail, theme);
}

/**
 * The steps of `running` as columns: a pixel into which several fall shows their peak, and the last of them goes on until the
 * next one begins. The pen's colour is the caller's.
 */
function paintSteps(
  pen: Pen,
  table: ActivityTable,
  view: Viewport,
  nowNs: number,
  bottomPx: number,
  heightPx: number,
  theme: Theme,
): void {
  const { hairline } = theme;
  const { atNs, running, length } = table;
  const floor = (x: number): number => Math.floor(x / hairline) * hairline;
  const endPx = Math.min(view.widthPx, xOf(view, nowNs));
  const scale = heightPx / Math.max(2, table.peak);
  const column = (x0: number, x1: number, count: number): void => {
    if (count === 0 || x1 <= x0) return;
    const height = Math.max(1, Math.round(count * scale));
    pen.fillRect(x0, bottomPx - height, x1 - x0, height);
  };
  let i = Math.max(0, bisectRight(atNs, view.fromNs) - 1);
  while (i < length) {
    const x = floor(Math.max(0, xOf(view, atNs[i] ?? Infinity)));
    if (x >= endPx) break;
    const pixelEndNs = nsAt(view, x + hairline);
    const next = (atNs[i + 1] ?? Infinity) >= pixelEndNs ? i + 1 : bisectLeft(atNs, pixelEndNs, i + 1);
    const until = Math.max(x + hairline, floor(Math.min(endPx, xOf(view, atNs[next] ?? Infinity))));
    const peak = peakBetween(table, i, next);
    const last = running[next - 1] ?? 0;
    if (peak === last) column(x, until, peak);
    else {
      column(x, x + hairline, peak);
      column(x + hairline, until, last);
    }
    i = next;
  }
}

/** One tick a pixel, however many moments fall into it. `atNs` is sorted. */
export function paintTicks(
  pen: Pen,
  atNs: Float64Array,
  view: Viewport,
  yPx: number,
  heightPx: number,
  colour: string,
  theme: Theme,
): void {
  const snap = snapper(theme);
  pen.fillStyle = colour;
  for (let i = bisectLeft(atNs, view.fromNs); i < atNs.length;) {
    const at = atNs[i] ?? Infinity;
    if (at > view.toNs) break;
    const x = snap(xOf(view, at));
    pen.fillRect(x - 1, yPx, 2, heightPx);
    i = Math.max(i + 1, bisectLeft(atNs, nsAt(view, x + 1), i));
  }
}

const snapper =
  ({ hairline }: Theme) =>
  (xPx: number): number =>
    Math.round(xPx / hairline) * hairline;
