import { fit, nsAt, nsPerPx, spanOf, xOf } from '../../canvas/viewport.ts';
import { useRunStore } from '../../state/run-store.ts';
import { selectionOf } from '../../state/selection.ts';
import { clearSelection, select } from '../../state/view-store.ts';
import type { Timeline } from './timeline.ts';

/** A press that moves less than this is a click. */
const CLICK_PX = 4;
/** Zoom of one notch of a wheel (deltaY 100). */
const ZOOM_A_NOTCH = 1.25;

/** Where a pointer is: x in the canvas, y in the scrolled content or in the head. */
export interface Place {
  readonly xPx: number;
  readonly yPx: number;
}

/** Tells where the pointer is, for a tooltip; undefined when it is away or busy. */
export type Hover = (place: (Place & { readonly clientX: number; readonly clientY: number }) | undefined) => void;

const placeIn = (box: HTMLElement, event: MouseEvent): Place => {
  const { left, top } = box.getBoundingClientRect();
  return { xPx: event.clientX - left, yPx: event.clientY - top };
};

const zoomOf = (event: WheelEvent): number => ZOOM_A_NOTCH ** (pixelsOf(event.deltaY, event) / 100);

/** Some browsers count wheels in lines. */
const pixelsOf = (delta: number, event: WheelEvent): number =>
  event.deltaMode === WheelEvent.DOM_DELTA_LINE ? delta * 33 : delta;

/** Lanes: drag pans time and scrolls rows, Ctrl-wheel (a pinch) zooms at the pointer, Shift-wheel pans, a click selects, a double click zooms. */
export function listenToLanes(timeline: Timeline, scroller: HTMLElement, box: HTMLElement, hover: Hover): () => void {
  const { camera } = timeline;
  const abort = new AbortController();
  const { signal } = abort;
  let drag: { x: number; y: number; isMoved: boolean } | undefined;

  const chooseAt = (event: MouseEvent): void => {
    const { run } = useRunStore.getState();
    const row = timeline.rowAtPx(placeIn(box, event).yPx);
    const node = row === undefined ? undefined : timeline.nodeAt(row);
    if (run === undefined || node === undefined) clearSelection();
    else select(selectionOf(run, node));
  };

  box.addEventListener(
    'wheel',
    (event) => {
      const view = camera.view();
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (event.ctrlKey || event.metaKey) camera.zoom(zoomOf(event), nsAt(view, placeIn(box, event).xPx));
      else if (isSideways) camera.pan(pixelsOf(event.deltaX || event.deltaY, event) * nsPerPx(view));
      else return; // rows scroll
      event.preventDefault();
    },
    { signal, passive: false },
  );
  box.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      drag = { x: event.clientX, y: event.clientY, isMoved: false };
      box.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  box.addEventListener(
    'pointermove',
    (event) => {
      const place = placeIn(box, event);
      if (drag === undefined) {
        timeline.setPointer({ xPx: place.xPx, row: timeline.rowAtPx(place.yPx) });
        hover({ ...place, clientX: event.clientX, clientY: event.clientY });
        return;
      }
      const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!drag.isMoved && Math.hypot(dx, dy) < CLICK_PX) return;
      hover(undefined);
      timeline.setPointer(undefined);
      camera.pan(-dx * nsPerPx(camera.view()));
      if (event.pointerType === 'mouse') scroller.scrollTop -= dy;
      drag = { x: event.clientX, y: event.clientY, isMoved: true };
    },
    { signal },
  );
  box.addEventListener(
    'pointerup',
    (event) => {
      if (drag?.isMoved === false) chooseAt(event);
      drag = undefined;
    },
    { signal },
  );
  const leave = (): void => {
    drag = undefined;
    timeline.setPointer(undefined);
    hover(undefined);
  };
  box.addEventListener('pointercancel', leave, { signal });
  box.addEventListener('pointerleave', leave, { signal });
  box.addEventListener('dblclick', () => camera.zoomToSelection(), { signal });
  scroller.addEventListener('scroll', () => hover(undefined), { signal, passive: true });
  return () => abort.abort();
}

/**
 * Head and charts: the wheel zooms; dragging inside the overview's window moves it, anywhere else chooses a range; a double click fits.
 * `stripPx`: height of the overview at the upper edge, 0 where there is none.
 */
export function listenToHead(timeline: Timeline, box: HTMLElement, stripPx: number): () => void {
  const { camera } = timeline;
  const abort = new AbortController();
  const { signal } = abort;
  let drag: { kind: 'range' | 'window'; fromPx: number; lastPx: number; isStrip: boolean } | undefined;

  /** What a place in the head stands for: the strip shows the whole run, the axis what the lanes show. */
  const momentAt = (xPx: number, isStrip: boolean): number => {
    const view = camera.view();
    return nsAt(isStrip ? fit(camera.bounds(), view.widthPx) : view, xPx);
  };

  box.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { xPx, yPx } = placeIn(box, event);
      const view = camera.view();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) camera.pan(pixelsOf(event.deltaX, event) * nsPerPx(view));
      else camera.zoom(zoomOf(event), momentAt(xPx, yPx < stripPx));
    },
    { signal, passive: false },
  );
  box.addEventListener(
    'pointerdown',
    (event) => {
      // A capture would take the click away from a button that lies here.
      if (event.button !== 0 || isOnButton(event)) return;
      const { xPx, yPx } = placeIn(box, event);
      const isStrip = yPx < stripPx;
      const view = camera.view();
      const strip = fit(camera.bounds(), view.widthPx);
      const isInWindow =
        isStrip && spanOf(view) < spanOf(strip) * 0.95 && xPx > xOf(strip, view.fromNs) && xPx < xOf(strip, view.toNs);
      drag = { kind: isInWindow ? 'window' : 'range', fromPx: xPx, lastPx: xPx, isStrip };
      box.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  box.addEventListener(
    'pointermove',
    (event) => {
      const { xPx, yPx } = placeIn(box, event);
      if (drag?.kind === 'window') {
        const strip = fit(camera.bounds(), camera.view().widthPx);
        camera.pan((xPx - drag.lastPx) * nsPerPx(strip));
        drag.lastPx = xPx;
        return;
      }
      // The label tells time on the axis; over the strip it would tell another one.
      if (drag === undefined && yPx < stripPx) timeline.setPointer(undefined);
      else timeline.setPointer({ xPx, row: undefined, dragFromPx: drag?.fromPx });
    },
    { signal },
  );
  box.addEventListener(
    'pointerup',
    (event) => {
      const { xPx } = placeIn(box, event);
      if (drag?.kind === 'range' && Math.abs(xPx - drag.fromPx) >= CLICK_PX) {
        const [a, b] = [momentAt(drag.fromPx, drag.isStrip), momentAt(xPx, drag.isStrip)];
        camera.show(Math.min(a, b), Math.max(a, b));
      }
      drag = undefined;
      timeline.setPointer(undefined);
    },
    { signal },
  );
  const leave = (): void => {
    if (drag === undefined) timeline.setPointer(undefined);
  };
  box.addEventListener('pointerleave', leave, { signal });
  box.addEventListener('dblclick', (event) => isOnButton(event) || camera.fit(), { signal });
  return () => abort.abort();
}

const isOnButton = ({ target }: Event): boolean => target instanceof Element && target.closest('button') !== null;
