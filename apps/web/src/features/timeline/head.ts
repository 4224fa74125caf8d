import { epochMsOf, formatNs, ns, wallAfter, type WallTime } from '@observe/base';
import { paintOverview, type Overview } from '../../canvas/overview.ts';
import { paintAxis } from '../../canvas/paint-frame.ts';
import { clearSurface, type Surface } from '../../canvas/surface.ts';
import type { Pen, Theme } from '../../canvas/theme.ts';
import { relativeLabel, type Tick } from '../../canvas/ticks.ts';
import { fit, nsAt, nsPerPx, spanOf, xOf, type Bounds, type Viewport } from '../../canvas/viewport.ts';
import type { Pointer } from './pointer.ts';

/** CSS pixels: the overview's strip, the axis below it, both. As `--head` in tokens.css. */
export const OVERVIEW_PX = 40;
export const AXIS_PX = 28;
export const HEAD_PX = OVERVIEW_PX + AXIS_PX;

export interface HeadSurfaces {
  readonly data: Surface;
  readonly overlay: Surface;
  readonly box: HTMLElement;
  /** What `data` shows: the strip of the whole run costs more than all else, and changes with the run alone. */
  painted:
    | { readonly overview: Overview; readonly endNs: number; readonly widthPx: number; readonly theme: Theme }
    | undefined;
}

export interface HeadFrame {
  readonly overview: Overview;
  readonly bounds: Bounds;
  readonly view: Viewport;
  readonly ticks: readonly Tick[];
  readonly pointer: Pointer | undefined;
  /** For labels in time of day. */
  readonly origin: WallTime | undefined;
  readonly markNs: number | undefined;
}

/** The strip of the whole run, what of it the lanes show, and the axis of that. */
export function paintHead(head: HeadSurfaces, frame: HeadFrame, theme: Theme): void {
  const { overview, bounds, view, ticks } = frame;
  const { widthPx } = view;
  const strip = fit(bounds, widthPx);
  const is = head.painted;
  if (is?.overview !== overview || is.endNs !== bounds.toNs || is.widthPx !== widthPx || is.theme !== theme) {
    clearSurface(head.data, widthPx, OVERVIEW_PX);
    paintOverview(head.data.pen, overview, strip, OVERVIEW_PX, theme);
    head.painted = { overview, endNs: bounds.toNs, widthPx, theme };
  }
  clearSurface(head.overlay, widthPx, HEAD_PX);
  const { pen } = head.overlay;
  paintWindow(pen, view, strip, theme);
  paintAxis(pen, ticks, OVERVIEW_PX, AXIS_PX, widthPx, theme);
  paintMoment(pen, frame, theme);
}

/** What of the run the lanes show: the rest lies under a veil. */
function paintWindow(pen: Pen, view: Viewport, strip: Viewport, theme: Theme): void {
  const [x0, x1] = [xOf(strip, view.fromNs), xOf(strip, view.toNs)];
  if (spanOf(view) < spanOf(strip) * 0.999) {
    pen.fillStyle = theme.veil;
    pen.fillRect(0, 0, Math.max(0, x0), OVERVIEW_PX);
    pen.fillRect(x1, 0, Math.max(0, view.widthPx - x1), OVERVIEW_PX);
    pen.fillStyle = theme.accent;
    for (const x of [x0, x1])
      pen.fillRect(Math.round(x / theme.hairline) * theme.hairline, 0, Math.max(1, theme.hairline), OVERVIEW_PX);
  }
  pen.fillStyle = theme.rowLine;
  pen.fillRect(0, OVERVIEW_PX - theme.hairline, view.widthPx, theme.hairline);
}

/** The moment under the pointer as a label on the axis; or what is being dragged out, with its length. */
function paintMoment(pen: Pen, { view, pointer, origin, markNs }: HeadFrame, theme: Theme): void {
  if (markNs !== undefined) {
    pen.fillStyle = theme.accent;
    pen.fillRect(xOf(view, markNs) - 1, OVERVIEW_PX, 2, AXIS_PX);
  }
  if (pointer === undefined) return;
  const { xPx, dragFromPx } = pointer;
  if (dragFromPx !== undefined) {
    const [x0, x1] = [Math.min(xPx, dragFromPx), Math.max(xPx, dragFromPx)];
    pen.fillStyle = theme.veil;
    pen.fillRect(x0, 0, x1 - x0, HEAD_PX);
    label(pen, formatNs(ns((x1 - x0) * nsPerPx(view))), (x0 + x1) / 2, view.widthPx, theme);
    return;
  }
  label(pen, momentText(nsAt(view, xPx), nsPerPx(view), origin), xPx, view.widthPx, theme);
}

/** A moment with as many digits as a pixel is worth. */
export function momentText(atNs: number, perPxNs: number, origin: WallTime | undefined): string {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, perPxNs)));
  if (origin === undefined) return relativeLabel(atNs, Math.min(step, 1e9));
  const wall = wallAfter(origin, ns(Math.round(atNs)));
  return `${new Date(epochMsOf(wall)).toTimeString().slice(0, 8)}.${String(Math.floor(wall.ns / 1e6)).padStart(3, '0')}`;
}

/** About as wide as a digit of the axis' font. */
const DIGIT_PX = 6.6;

function label(pen: Pen, text: string, xPx: number, widthPx: number, theme: Theme): void {
  const width = text.length * DIGIT_PX + 10;
  const x = Math.min(Math.max(xPx - width / 2, 0), Math.max(0, widthPx - width));
  pen.fillStyle = theme.text;
  pen.fillRect(x, OVERVIEW_PX + 5, width, 17);
  pen.font = theme.font;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = theme.background;
  pen.fillText(text, x + width / 2, OVERVIEW_PX + 14);
}
