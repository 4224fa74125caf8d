import type { PackageState, TestState } from '@observe/run';
import type { ActivityTable } from './activity.ts';
import { paintPackage, paintTest, ROW_PX } from './paint-lanes.ts';
import type { Pen, Theme } from './theme.ts';
import type { Tick } from './ticks.ts';
import { xOf, type Viewport } from './viewport.ts';

/** A row as the canvas sees it; `undefined`: nothing to draw beside its name. */
export type LaneRow =
  | { readonly kind: 'package'; readonly package: PackageState; readonly activity: ActivityTable }
  | { readonly kind: 'test'; readonly test: TestState }
  | undefined;

export interface LanesFrame {
  readonly view: Viewport;
  readonly ticks: readonly Tick[];
  readonly nowNs: number;
  /** CSS pixels of content above the canvas' upper edge. */
  readonly topPx: number;
  readonly heightPx: number;
  readonly rowCount: number;
  readonly rowAt: (index: number) => LaneRow;
  /** Index of the selected row, or -1: painted last and never culled. */
  readonly selected: number;
}

/** Draws the lanes in sight. Cost: rows in sight, each as its painter says; whatever the run's size. */
export function paintLanes(pen: Pen, frame: LanesFrame, theme: Theme): void {
  const { view, topPx, heightPx, selected } = frame;
  const first = Math.max(0, Math.floor(topPx / ROW_PX));
  const last = Math.min(frame.rowCount, Math.ceil((topPx + heightPx) / ROW_PX));
  if (selected >= first && selected < last) {
    pen.fillStyle = theme.selection;
    pen.fillRect(0, selected * ROW_PX - topPx, view.widthPx, ROW_PX);
  }
  pen.fillStyle = theme.gridLine;
  const bottom = frame.rowCount * ROW_PX - topPx;
  for (const { xPx } of frame.ticks) pen.fillRect(crisp(xPx, theme), 0, theme.hairline, Math.min(heightPx, bottom));
  pen.fillStyle = theme.rowLine;
  for (let i = first; i < last; i++)
    pen.fillRect(0, (i + 1) * ROW_PX - topPx - theme.hairline, view.widthPx, theme.hairline);
  for (let i = first; i < last; i++) if (i !== selected) paintRow(pen, frame, i, theme);
  if (selected >= first && selected < last) paintRow(pen, frame, selected, theme);
}

function paintRow(pen: Pen, { rowAt, view, topPx, nowNs }: LanesFrame, index: number, theme: Theme): void {
  const row = rowAt(index);
  const yPx = index * ROW_PX - topPx;
  if (row?.kind === 'test') paintTest(pen, row.test, view, yPx, nowNs, theme);
  if (row?.kind === 'package') paintPackage(pen, row.package, row.activity, view, yPx, nowNs, theme);
}

/** Draws the axis' labels and the upper ends of the grid into a strip of its own. */
export function paintAxis(
  pen: Pen,
  ticks: readonly Tick[],
  yPx: number,
  heightPx: number,
  widthPx: number,
  theme: Theme,
): void {
  pen.font = theme.font;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  for (const { xPx, label } of ticks) {
    pen.fillStyle = theme.baseLine;
    pen.fillRect(crisp(xPx, theme), yPx + heightPx - 7, theme.hairline, 7);
    pen.fillStyle = theme.faintText;
    if (xPx < widthPx - 24) pen.fillText(label, xPx + 4, yPx + heightPx / 2);
  }
}

/** What moves without the data moving: pointer, now, a marked moment. */
export interface OverlayFrame {
  readonly view: Viewport;
  readonly heightPx: number;
  readonly pointerPx: number | undefined;
  /** Row under the pointer: its upper edge in the canvas, CSS pixels. */
  readonly hoverRowPx: number | undefined;
  readonly nowNs: number | undefined;
  readonly markNs: number | undefined;
}

export function paintOverlay(
  pen: Pen,
  { view, heightPx, pointerPx, hoverRowPx, nowNs, markNs }: OverlayFrame,
  theme: Theme,
): void {
  const line = (xPx: number, colour: string, width = theme.hairline): void => {
    if (xPx < 0 || xPx > view.widthPx) return;
    pen.fillStyle = colour;
    pen.fillRect(crisp(xPx, theme), 0, width, heightPx);
  };
  if (hoverRowPx !== undefined) {
    pen.fillStyle = theme.baseLine;
    pen.fillRect(0, hoverRowPx - theme.hairline, view.widthPx, theme.hairline);
    pen.fillRect(0, hoverRowPx + ROW_PX - theme.hairline, view.widthPx, theme.hairline);
  }
  if (nowNs !== undefined) line(xOf(view, nowNs), theme.outcome.running, Math.max(1, theme.hairline));
  if (markNs !== undefined) line(xOf(view, markNs), theme.accent, Math.max(1, theme.hairline));
  if (pointerPx !== undefined) line(pointerPx, theme.faintText);
}

/** On a device pixel. */
export const crisp = (xPx: number, { hairline }: Theme): number => Math.round(xPx / hairline) * hairline;
