/**
 * What of the run's time is in sight. Immutable; every change is a function, so that panning and zooming are tested without
 * a canvas. Times are ns since the run's first event, x is CSS pixels from the canvas' left edge.
 */
export interface Viewport {
  readonly fromNs: number;
  readonly toNs: number;
  readonly widthPx: number;
}

/** What there is to look at: from the first event to the last (or now). */
export interface Bounds {
  readonly fromNs: number;
  readonly toNs: number;
}

/** Nearer makes no sense: test2json's times are no better than microseconds. */
export const MIN_SPAN_NS = 10_000;

/** Share of the bounds left free on the right, so that an end is seen to be one. */
const END_MARGIN = 0.025;

export const spanOf = (view: { readonly fromNs: number; readonly toNs: number }): number => view.toNs - view.fromNs;

export const xOf = (view: Viewport, atNs: number): number => ((atNs - view.fromNs) / spanOf(view)) * view.widthPx;

export const nsAt = (view: Viewport, xPx: number): number => view.fromNs + (xPx / view.widthPx) * spanOf(view);

/** ns a CSS pixel. */
export const nsPerPx = (view: Viewport): number => spanOf(view) / Math.max(1, view.widthPx);

/** The whole run, with a little room after its end. */
export function fit(bounds: Bounds, widthPx: number): Viewport {
  const span = Math.max(MIN_SPAN_NS, spanOf(bounds));
  return { fromNs: bounds.fromNs, toNs: bounds.fromNs + span * (1 + END_MARGIN), widthPx };
}

/** The last `spanNs` up to now, at the same place of the canvas where `fit` puts the end. */
export function follow(bounds: Bounds, spanNs: number, widthPx: number): Viewport {
  const whole = fit(bounds, widthPx);
  if (spanNs >= spanOf(whole)) return whole;
  const toNs = bounds.toNs + spanNs * END_MARGIN;
  return { fromNs: toNs - spanNs, toNs, widthPx };
}

/** `factor` < 1 zooms in; the moment under the pointer stays under it, as far as the bounds allow. */
export function zoomAt(view: Viewport, atNs: number, factor: number, bounds: Bounds): Viewport {
  const whole = fit(bounds, view.widthPx);
  const span = clamp(spanOf(view) * factor, MIN_SPAN_NS, spanOf(whole));
  const share = (atNs - view.fromNs) / spanOf(view);
  return inside({ ...view, fromNs: atNs - share * span, toNs: atNs + (1 - share) * span }, whole);
}

export const panBy = (view: Viewport, deltaNs: number, bounds: Bounds): Viewport =>
  inside({ ...view, fromNs: view.fromNs + deltaNs, toNs: view.toNs + deltaNs }, fit(bounds, view.widthPx));

/** Makes an interval fill most of the canvas. A moment becomes the smallest span around it. */
export function zoomTo(view: Viewport, fromNs: number, toNs: number, bounds: Bounds): Viewport {
  const room = Math.max((toNs - fromNs) * 0.1, MIN_SPAN_NS / 2);
  const whole = fit(bounds, view.widthPx);
  return inside({ ...view, fromNs: fromNs - room, toNs: toNs + room }, whole);
}

/** Whether the end of the run is in sight, so that looking on means following. */
export const seesEnd = (view: Viewport, bounds: Bounds): boolean => view.toNs >= bounds.toNs;

/** Shifts a view into the whole; one that is larger becomes the whole. */
function inside(view: Viewport, whole: Viewport): Viewport {
  const span = Math.min(spanOf(view), spanOf(whole));
  const fromNs = clamp(view.fromNs, whole.fromNs, whole.toNs - span);
  return { ...view, fromNs, toNs: fromNs + span };
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
