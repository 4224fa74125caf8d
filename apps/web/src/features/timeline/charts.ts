import { formatBytes } from '@observe/base';
import { crisp } from '../../canvas/paint-frame.ts';
import { lastKnownNs, momentAt, type GoChart } from '../../canvas/go-chart.ts';
import { paintCollections, paintGoroutines, paintHeap, type Strip } from '../../canvas/paint-chart.ts';
import { clearSurface, type Surface } from '../../canvas/surface.ts';
import type { Pen, Theme } from '../../canvas/theme.ts';
import type { Tick } from '../../canvas/ticks.ts';
import { nsAt, xOf, type Viewport } from '../../canvas/viewport.ts';
import type { Legend } from './charts-legend.ts';

/** CSS pixels of the band, open and folded. As `--charts` and `--charts-folded` in tokens.css. */
export const CHARTS_PX = 96;
export const FOLDED_PX = 24;

const OPEN = { goroutines: { yPx: 4, heightPx: 54 }, heap: { yPx: 62, heightPx: 23 }, gc: { yPx: 86, heightPx: 8 } };
const FOLDED: Strip = { yPx: 3, heightPx: FOLDED_PX - 4 };

export interface ChartSurfaces {
  readonly data: Surface;
  readonly overlay: Surface;
  readonly legend: Legend;
  /** What `data` shows: pointing somewhere moves the overlay alone. */
  painted: readonly unknown[] | undefined;
}

export interface ChartsFrame {
  /** Undefined: nothing is known yet. */
  readonly chart: GoChart | undefined;
  readonly error: string | undefined;
  readonly view: Viewport;
  readonly ticks: readonly Tick[];
  readonly isFolded: boolean;
  readonly pointerPx: number | undefined;
  readonly markNs: number | undefined;
  /** How far the traces reach; undefined when no more of them is to come. */
  readonly tipNs: number | undefined;
  readonly nowNs: number;
}

/** Goroutines by state, heap and collections, on the lanes' axis; and in the legend what they were at the pointer, else at the mark. */
export function paintCharts(into: ChartSurfaces, frame: ChartsFrame, theme: Theme): void {
  const { data, overlay, legend } = into;
  const { chart, view, ticks, isFolded } = frame;
  const heightPx = isFolded ? FOLDED_PX : CHARTS_PX;
  const key = [chart, theme, isFolded, view.fromNs, view.toNs, view.widthPx, ticks[0]?.atNs];
  if (into.painted?.every((value, i) => value === key[i]) !== true) {
    clearSurface(data, view.widthPx, heightPx);
    paintData(data.pen, frame, heightPx, theme);
    into.painted = key;
  }
  clearSurface(overlay, view.widthPx, heightPx);
  paintMoments(overlay.pen, frame, heightPx, theme);
  tellLegend(legend, frame);
}

function paintData(pen: Pen, { chart, view, ticks, isFolded }: ChartsFrame, heightPx: number, theme: Theme): void {
  pen.fillStyle = theme.gridLine;
  for (const { xPx } of ticks) pen.fillRect(crisp(xPx, theme), 0, theme.hairline, heightPx);
  if (chart === undefined) return;
  if (isFolded) {
    paintGoroutines(pen, chart, view, FOLDED, theme);
    return;
  }
  paintGoroutines(pen, chart, view, OPEN.goroutines, theme);
  paintHeap(pen, chart, view, OPEN.heap, theme);
  paintCollections(pen, chart, view, OPEN.gc, theme);
  pen.fillStyle = theme.rowLine;
  pen.fillRect(0, OPEN.heap.yPx - 2, view.widthPx, theme.hairline);
  if (chart.processes === 0) return;
  paintScale(pen, String(chart.mostGoroutines), OPEN.goroutines.yPx, theme);
  paintScale(pen, formatBytes(chart.mostBytes), OPEN.heap.yPx, theme);
}

/** The upper end of a scale, on a ground of its own so that it is read over any colour. */
function paintScale(pen: Pen, text: string, yPx: number, theme: Theme): void {
  pen.font = theme.font;
  pen.textAlign = 'left';
  pen.textBaseline = 'top';
  pen.fillStyle = theme.scaleGround;
  pen.fillRect(0, yPx, text.length * 6.2 + 8, 13);
  pen.fillStyle = theme.faintText;
  pen.fillText(text, 4, yPx + 1);
}

function paintMoments(pen: Pen, frame: ChartsFrame, heightPx: number, theme: Theme): void {
  const { view, pointerPx, markNs, tipNs, nowNs } = frame;
  const line = (xPx: number, colour: string): void => {
    if (xPx < 0 || xPx > view.widthPx) return;
    pen.fillStyle = colour;
    pen.fillRect(crisp(xPx, theme), 0, Math.max(1, theme.hairline), heightPx);
  };
  if (tipNs !== undefined) {
    const [from, to] = [Math.max(0, xOf(view, tipNs)), Math.min(view.widthPx, xOf(view, nowNs))];
    pen.fillStyle = theme.veil;
    if (to > from) pen.fillRect(from, 0, to - from, heightPx);
    line(xOf(view, nowNs), theme.outcome.running);
  }
  if (markNs !== undefined) line(xOf(view, markNs), theme.accent);
  if (pointerPx !== undefined) line(pointerPx, theme.faintText);
}

function tellLegend(legend: Legend, { chart, error, view, pointerPx, markNs, tipNs, nowNs }: ChartsFrame): void {
  if (chart === undefined) {
    legend.tell(undefined, error ?? 'reading …');
    return;
  }
  if (chart.processes === 0) {
    legend.tell(undefined, error);
    return;
  }
  const chosenNs = pointerPx === undefined ? markNs : nsAt(view, pointerPx);
  const atNs = chosenNs ?? lastKnownNs(chart, Math.min(view.toNs, nowNs));
  const behindNs = tipNs === undefined ? undefined : Math.max(0, nowNs - tipNs);
  legend.tell({ atNs, moment: momentAt(chart, atNs), isChosen: chosenNs !== undefined, behindNs }, error);
}
