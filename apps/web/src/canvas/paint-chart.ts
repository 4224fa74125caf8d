import type { GoChart } from './go-chart.ts';
import { GO_GROUPS } from './go-groups.ts';
import type { Pen, Theme } from './theme.ts';
import { xOf, type Viewport } from './viewport.ts';

/** Where a chart lies in its canvas. CSS pixels. */
export interface Strip {
  readonly yPx: number;
  readonly heightPx: number;
}

/**
 * Draws how many goroutines were in which state, as a stack, and the peak within each column faintly above it. Columns lie where
 * the view has their time, whatever window they were asked for. Cost: O(columns in sight × groups); equal neighbours are one call.
 */
export function paintGoroutines(
  pen: Pen,
  chart: GoChart,
  view: Viewport,
  { yPx, heightPx }: Strip,
  theme: Theme,
): void {
  const { width, last, peak, total } = chart;
  const columns = columnsOf(chart, view, theme);
  const bottom = yPx + heightPx;
  const scale = heightPx / chart.mostGoroutines;
  const levelAt = (count: number): number => snap(bottom - count * scale, theme);
  pen.fillStyle = theme.shade;
  fillRuns(pen, columns, (x) => (peak[x]! > total[x]! ? [levelAt(peak[x]!), levelAt(total[x]!)] : undefined));
  const below = new Int32Array(width);
  GO_GROUPS.forEach((group, g) => {
    pen.fillStyle = theme.go[group];
    fillRuns(pen, columns, (x) => {
      const count = last[g * width + x]!;
      if (count === 0) return undefined;
      const from = below[x]!;
      below[x] = from + count;
      return [levelAt(from + count), levelAt(from)];
    });
  });
}

/** Draws the heap in use as an area and its goal as a line. Columns of which no process tells are left free. */
export function paintHeap(pen: Pen, chart: GoChart, view: Viewport, { yPx, heightPx }: Strip, theme: Theme): void {
  const { heapBytes, goalBytes } = chart;
  const columns = columnsOf(chart, view, theme);
  const bottom = yPx + heightPx;
  const scale = heightPx / chart.mostBytes;
  const levelAt = (bytes: number): number => snap(bottom - Math.min(heightPx, bytes * scale), theme);
  pen.fillStyle = theme.heap;
  fillRuns(pen, columns, (x) => (Number.isNaN(heapBytes[x]!) ? undefined : [levelAt(heapBytes[x]!), bottom]));
  pen.fillStyle = theme.goal;
  const line = Math.max(1, theme.hairline);
  let before = NaN;
  fillRuns(pen, columns, (x) => {
    const at = levelAt(goalBytes[x]!);
    const from = Number.isNaN(before) ? at : before;
    before = at;
    // A step is drawn down or up from where the line was.
    return Number.isNaN(at) ? undefined : [Math.min(at, from), Math.max(at, from) + line];
  });
}

/** Draws collections as bars and stops of the world as ticks across them. At least a pixel each. */
export function paintCollections(
  pen: Pen,
  chart: GoChart,
  view: Viewport,
  { yPx, heightPx }: Strip,
  theme: Theme,
): void {
  const bar = (from: number, to: number, inset: number, least: number): void => {
    const x0 = snap(Math.max(xOf(view, from), -1), theme);
    const x1 = Math.max(snap(Math.min(xOf(view, to), view.widthPx + 1), theme), x0 + least);
    if (x1 > 0 && x0 < view.widthPx) pen.fillRect(x0, yPx + inset, x1 - x0, heightPx - 2 * inset);
  };
  pen.fillStyle = theme.gc;
  for (const [from, to] of chart.gc) bar(from, to, 2, 2);
  pen.fillStyle = theme.text;
  for (const [from, to] of chart.stops) bar(from, to, 0, Math.max(1, theme.hairline));
}

/** Columns in sight: `first` … `end` - 1, and the left edge of each (of `end` too), on device pixels. */
interface Columns {
  readonly first: number;
  readonly end: number;
  readonly edgePx: (column: number) => number;
}

function columnsOf({ fromNs, toNs, width }: GoChart, view: Viewport, theme: Theme): Columns {
  const columnNs = (toNs - fromNs) / width;
  const first = Math.max(0, Math.floor((view.fromNs - fromNs) / columnNs));
  const end = Math.min(width, Math.ceil((view.toNs - fromNs) / columnNs));
  return { first, end, edgePx: (column) => snap(xOf(view, fromNs + column * columnNs), theme) };
}

/** Fills [upper, lower] of each column that has one; neighbours with the same ends are one rectangle. */
function fillRuns(
  pen: Pen,
  { first, end, edgePx }: Columns,
  spanOf: (column: number) => readonly [upper: number, lower: number] | undefined,
): void {
  let from = first;
  let run: readonly [number, number] | undefined;
  for (let x = first; x <= end; x++) {
    const next = x < end ? spanOf(x) : undefined;
    if (run !== undefined && next?.[0] === run[0] && next[1] === run[1]) continue;
    if (run !== undefined && run[1] > run[0])
      pen.fillRect(edgePx(from), run[0], edgePx(x) - edgePx(from), run[1] - run[0]);
    from = x;
    run = next;
  }
}

const snap = (px: number, { hairline }: Theme): number => Math.round(px / hairline) * hairline;
