import { rowAt } from '@observe/base';
import { fit, follow, panBy, seesEnd, spanOf, zoomAt, zoomTo, type Bounds, type Viewport } from '../canvas/viewport.ts';
import { nowNs, useRunStore } from './run-store.ts';
import { findNode } from './selection.ts';
import { setRange, useView } from './view-store.ts';
import type { Range } from './view-url.ts';

/** The run's time from its first event to its last, or to now. */
export const boundsOf = (atNs: number): Bounds => ({ fromNs: 0, toNs: Math.max(1, atNs) });

/** What a range means for a canvas of this width, now. */
export function viewportOf(range: Range, bounds: Bounds, widthPx: number): Viewport {
  switch (range.kind) {
    case 'fit':
      return fit(bounds, widthPx);
    case 'follow':
      return follow(bounds, range.spanNs, widthPx);
    case 'fixed':
      return { fromNs: range.fromNs, toNs: range.toNs, widthPx };
  }
}

/** The range that a viewport stands for. Whoever still sees the end of a live run goes on to see it. */
export function rangeOf(view: Viewport, bounds: Bounds, isLive: boolean): Range {
  const whole = fit(bounds, view.widthPx);
  if (spanOf(view) >= spanOf(whole) * 0.999) return { kind: 'fit' };
  if (isLive && seesEnd(view, bounds)) return { kind: 'follow', spanNs: spanOf(view) };
  return { kind: 'fixed', fromNs: view.fromNs, toNs: view.toNs };
}

/** Moves over the run's time. Nothing is drawn here: the range changes, and who shows it follows. */
export interface Camera {
  view(): Viewport;
  bounds(): Bounds;
  /** Without `atNs`: about the middle, or about now while that is followed. */
  zoom(factor: number, atNs?: number): void;
  pan(deltaNs: number): void;
  show(fromNs: number, toNs: number): void;
  fit(): void;
  /** Back to now, with the span of the moment. */
  followLive(): void;
  zoomToSelection(): void;
}

/** `widthPx`: of the canvas, at the time of asking. */
export function createCamera(widthPx: () => number): Camera {
  const bounds = (): Bounds => boundsOf(nowNs());
  const view = (): Viewport => viewportOf(useView.getState().range, bounds(), widthPx());
  const look = (next: Viewport): void => setRange(rangeOf(next, bounds(), useRunStore.getState().isLive));
  return {
    view,
    bounds,
    zoom(factor, atNs) {
      const now = view();
      const isFollowing = useRunStore.getState().isLive && useView.getState().range.kind !== 'fixed';
      const about = atNs ?? (isFollowing ? now.toNs : (now.fromNs + now.toNs) / 2);
      look(zoomAt(now, about, factor, bounds()));
    },
    pan: (deltaNs) => look(panBy(view(), deltaNs, bounds())),
    show: (fromNs, toNs) => look(zoomTo(view(), fromNs, toNs, bounds())),
    fit: () => setRange({ kind: 'fit' }),
    followLive: () => setRange({ kind: 'follow', spanNs: spanOf(view()) }),
    zoomToSelection() {
      const { run } = useRunStore.getState();
      const node = run === undefined ? undefined : findNode(run, useView.getState().selection);
      if (run === undefined || node === undefined || node.kind === 'build') return;
      const found = node.kind === 'test' ? rowAt(run.tests, node.row) : rowAt(run.packages, node.row);
      if (found?.startNs === undefined) return;
      const closedNs = 'closedNs' in found ? found.closedNs : undefined;
      look(zoomTo(view(), found.startNs, found.endNs ?? closedNs ?? nowNs(), bounds()));
    },
  };
}
