import { rowAt } from '@observe/base';
import { clearSurface, createSurface, type Surface } from '../../canvas/surface.ts';
import { paintLanes, paintOverlay, type LaneRow } from '../../canvas/paint-frame.ts';
import { ROW_PX } from '../../canvas/paint-lanes.ts';
import { readTheme } from '../../canvas/read-theme.ts';
import type { Theme } from '../../canvas/theme.ts';
import { chartText } from '../../canvas/chart-text.ts';
import { textDump, type DumpRow } from '../../canvas/text-dump.ts';
import { ticksOf, type Tick } from '../../canvas/ticks.ts';
import { nsPerPx, type Viewport } from '../../canvas/viewport.ts';
import type { RunSource } from '../../source/source.ts';
import { createCamera, type Camera } from '../../state/camera.ts';
import { usePrefs } from '../../state/prefs-store.ts';
import { nowNs, useRunStore } from '../../state/run-store.ts';
import { findNode, type NodeRef } from '../../state/selection.ts';
import { isTraceGrowing } from '../../state/traces.ts';
import { onThemeChange } from '../../state/theme.ts';
import type { FlatTree } from '../../state/tree.ts';
import { useView } from '../../state/view-store.ts';
import { paintCharts, type ChartSurfaces } from './charts.ts';
import type { Legend } from './charts-legend.ts';
import { createDerived, type Derived } from './derived.ts';
import type { Pointer } from './pointer.ts';
import { createSeries } from './series.ts';
import { paintHead, type HeadSurfaces } from './head.ts';

/** Rows painted above and below what is seen, so that the compositor may scroll ahead of us without showing a gap. */
const OVERSCAN_PX = 8 * ROW_PX;
/** A running bar grows by pixels, not by frames: it is painted no more often than this. */
const FASTEST_TICK_MS = 33;

/** The canvases of the timeline and what they show. Pan, zoom and hover go through here, not through React. */
export interface Timeline {
  readonly camera: Camera;
  mountHead(box: HTMLElement, data: HTMLCanvasElement, overlay: HTMLCanvasElement): () => void;
  mountLanes(scroller: HTMLElement, box: HTMLElement, data: HTMLCanvasElement, overlay: HTMLCanvasElement): () => void;
  mountCharts(box: HTMLElement, data: HTMLCanvasElement, overlay: HTMLCanvasElement, legend: Legend): () => void;
  setTree(tree: FlatTree): void;
  setPointer(pointer: Pointer | undefined): void;
  /** The node of a row, and the row at a height of the scrolled content. */
  nodeAt(row: number): NodeRef | undefined;
  rowAtPx(contentPx: number): number | undefined;
  readonly activityOf: Derived['activity'];
  /** The rows in sight, in words; and the charts. */
  text(): string;
  chartsText(): string;
  stop(): void;
}

export function createTimeline(source: Pick<RunSource, 'traces'>): Timeline {
  let tree: FlatTree | undefined;
  let head: HeadSurfaces | undefined;
  let lanes: { data: Surface; overlay: Surface; box: HTMLElement; scroller: HTMLElement } | undefined;
  let charts: ChartSurfaces | undefined;
  let theme: Theme | undefined;
  let pointer: Pointer | undefined;
  let frame: number | undefined;
  let timer: number | undefined;
  const derived = createDerived();
  const camera = createCamera(() => lanes?.box.clientWidth ?? head?.box.clientWidth ?? 0);

  const invalidate = (): void => {
    frame ??= requestAnimationFrame(paint);
  };
  const series = createSeries(source, invalidate);
  const forgetTheme = (): void => {
    theme = undefined;
    invalidate();
  };

  function paint(): void {
    frame = undefined;
    const { run, clock, isLive } = useRunStore.getState();
    if (run === undefined || tree === undefined || (lanes ?? head) === undefined) return;
    const view = camera.view();
    if (view.widthPx <= 0) return;
    const pen = (lanes ?? head)?.data.pen;
    if (pen === undefined) return;
    theme ??= readTheme(pen);
    const atNs = nowNs();
    const origin = usePrefs.getState().isWallClock ? run.origin : undefined;
    const ticks = ticksOf(view, origin);
    const bounds = camera.bounds();
    const { markNs } = useView.getState();
    if (head !== undefined)
      paintHead(head, { overview: derived.overview(run, bounds), bounds, view, ticks, pointer, origin, markNs }, theme);
    if (lanes !== undefined) paintRows(lanes, view, ticks, atNs, isLive ? atNs : undefined);
    if (charts !== undefined) paintBand(charts, view, ticks, atNs);
    if (derived.takeStale() || clock.isTicking) tick(clock.isTicking ? nsPerPx(view) * theme.hairline : 100e6);
  }

  function paintBand(into: ChartSurfaces, view: Viewport, ticks: readonly Tick[], nowNs: number): void {
    const { runId, run, isLive, traces } = useRunStore.getState();
    if (runId === undefined || run === undefined || theme === undefined) return;
    const { range, markNs } = useView.getState();
    series.want({ runId, version: traces.version, range, view, width: view.widthPx / theme.hairline });
    const tipNs = isLive && isTraceGrowing(run) ? (traces.tipNs ?? undefined) : undefined;
    const { chart, error } = series;
    const isFolded = usePrefs.getState().isChartsFolded;
    const pointerPx = pointer?.xPx;
    paintCharts(into, { chart, error, view, ticks, isFolded, pointerPx, markNs, tipNs, nowNs }, theme);
  }

  function paintRows(
    into: NonNullable<typeof lanes>,
    view: Viewport,
    ticks: readonly Tick[],
    atNs: number,
    liveNs: number | undefined,
  ): void {
    const { run } = useRunStore.getState();
    if (run === undefined || tree === undefined || theme === undefined) return;
    const { data, overlay, scroller } = into;
    const topPx = Math.max(0, Math.floor((scroller.scrollTop - OVERSCAN_PX) / ROW_PX) * ROW_PX);
    const heightPx = scroller.clientHeight + 2 * OVERSCAN_PX;
    const at = tree;
    const rowOf = (index: number): LaneRow => {
      const node = at.at(index);
      if (node?.kind === 'test') {
        const test = rowAt(run.tests, node.row);
        return test === undefined ? undefined : { kind: 'test', test };
      }
      const pkg = node?.kind === 'package' ? rowAt(run.packages, node.row) : undefined;
      return pkg === undefined ? undefined : { kind: 'package', package: pkg, activity: derived.activity(run, pkg) };
    };
    const { selection, markNs } = useView.getState();
    const selected = at.indexOf(findNode(run, selection));
    for (const { canvas } of [data, overlay]) canvas.style.transform = `translateY(${topPx}px)`;
    clearSurface(data, view.widthPx, heightPx);
    paintLanes(
      data.pen,
      { view, ticks, nowNs: atNs, topPx, heightPx, rowCount: at.length, rowAt: rowOf, selected },
      theme,
    );
    clearSurface(overlay, view.widthPx, heightPx);
    const hoverRowPx = pointer?.row === undefined ? undefined : pointer.row * ROW_PX - topPx;
    paintOverlay(overlay.pen, { view, heightPx, pointerPx: pointer?.xPx, hoverRowPx, nowNs: liveNs, markNs }, theme);
  }

  /** Paints again when the running bars are a pixel longer. */
  function tick(afterNs: number): void {
    timer ??= window.setTimeout(
      () => {
        timer = undefined;
        invalidate();
      },
      Math.min(1000, Math.max(FASTEST_TICK_MS, afterNs / 1e6)),
    );
  }

  const unsubscribe = [
    useRunStore.subscribe(invalidate),
    useView.subscribe(invalidate),
    usePrefs.subscribe(invalidate),
    onThemeChange(forgetTheme),
  ];

  const mount = (box: HTMLElement, scroller: HTMLElement | undefined): (() => void) => {
    const observer = new ResizeObserver(forgetTheme); // also when the window moves to a screen of another density
    observer.observe(box);
    if (scroller !== undefined) observer.observe(scroller);
    scroller?.addEventListener('scroll', invalidate, { passive: true });
    invalidate();
    return () => {
      observer.disconnect();
      scroller?.removeEventListener('scroll', invalidate);
    };
  };

  return {
    camera,
    mountHead(box, data, overlay) {
      head = { data: createSurface(data), overlay: createSurface(overlay), box, painted: undefined };
      const unmount = mount(box, undefined);
      return () => {
        unmount();
        head = undefined;
      };
    },
    mountLanes(scroller, box, data, overlay) {
      lanes = { data: createSurface(data), overlay: createSurface(overlay), box, scroller };
      const unmount = mount(box, scroller);
      return () => {
        unmount();
        lanes = undefined;
      };
    },
    mountCharts(box, data, overlay, legend) {
      charts = { data: createSurface(data), overlay: createSurface(overlay), legend, painted: undefined };
      const unmount = mount(box, undefined);
      return () => {
        unmount();
        charts = undefined;
      };
    },
    setTree(next) {
      tree = next;
      invalidate();
    },
    setPointer(next) {
      pointer = next;
      invalidate();
    },
    activityOf: derived.activity,
    nodeAt: (row) => tree?.at(row),
    rowAtPx(contentPx) {
      const row = Math.floor(contentPx / ROW_PX);
      return row >= 0 && row < (tree?.length ?? 0) ? row : undefined;
    },
    text() {
      const { run } = useRunStore.getState();
      if (run === undefined || tree === undefined || lanes === undefined) return '';
      const { scrollTop, clientHeight } = lanes.scroller;
      const rows: DumpRow[] = [];
      for (
        let i = Math.floor(scrollTop / ROW_PX);
        i < Math.min(tree.length, Math.ceil((scrollTop + clientHeight) / ROW_PX));
        i++
      ) {
        const node = tree.at(i);
        const depth = tree.depthAt(i);
        const test = node?.kind === 'test' ? rowAt(run.tests, node.row) : undefined;
        const pkg = node?.kind === 'package' ? rowAt(run.packages, node.row) : undefined;
        const build = node?.kind === 'build' ? rowAt(run.builds, node.row) : undefined;
        if (test !== undefined) rows.push({ kind: 'test', depth, test });
        if (pkg !== undefined) rows.push({ kind: 'package', depth, package: pkg });
        if (build !== undefined) rows.push({ kind: 'build', depth, importPath: build.importPath });
      }
      return textDump(rows, nowNs());
    },
    chartsText: () => (series.chart === undefined ? '' : chartText(series.chart, camera.view())),
    stop() {
      series.stop();
      if (frame !== undefined) cancelAnimationFrame(frame);
      window.clearTimeout(timer);
      for (const off of unsubscribe) off();
    },
  };
}
