import { rowAt } from '@observe/base';
import { segmentAt, segmentCount } from '../../canvas/lane.ts';
import { spanOf } from '../../canvas/viewport.ts';
import type { Camera } from '../../state/camera.ts';
import { usePrefs } from '../../state/prefs-store.ts';
import { nowNs, useRunStore } from '../../state/run-store.ts';
import { findNode } from '../../state/selection.ts';
import { setMark, useView } from '../../state/view-store.ts';
import { phasesText } from '../../canvas/text-dump.ts';

const ZOOM = 0.7;
/** Share of the span that one step pans. */
const PAN = 0.15;

/** Keys of the timeline, wherever the focus is, except where one types. Undefined: not ours. */
export const CAMERA_KEYS: Readonly<Record<string, (camera: Camera) => void>> = {
  w: (camera) => camera.zoom(ZOOM),
  s: (camera) => camera.zoom(1 / ZOOM),
  '+': (camera) => camera.zoom(ZOOM),
  '=': (camera) => camera.zoom(ZOOM),
  '-': (camera) => camera.zoom(1 / ZOOM),
  a: (camera) => camera.pan(-spanOf(camera.view()) * PAN),
  d: (camera) => camera.pan(spanOf(camera.view()) * PAN),
  f: (camera) => camera.fit(),
  z: (camera) => camera.zoomToSelection(),
  l: (camera) => camera.followLive(),
  g: () => usePrefs.setState(({ isChartsFolded }) => ({ isChartsFolded: !isChartsFolded })),
  '[': (camera) => walk(camera, -1),
  ']': (camera) => walk(camera, 1),
};

/** While the lanes have the focus, the arrows pan; up and down belong to the tree's rows. */
export const LANE_KEYS: Readonly<Record<string, (camera: Camera) => void>> = {
  ArrowLeft: (camera) => camera.pan(-spanOf(camera.view()) * PAN),
  ArrowRight: (camera) => camera.pan(spanOf(camera.view()) * PAN),
};

export function listenToKeys(camera: Camera): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = CAMERA_KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act === undefined) return;
    event.preventDefault();
    act(camera);
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches('input, select, textarea') || target.closest('dialog') !== null);

/** Marks the beginning of the next or the previous phase of the selected test, and keeps it in sight. */
function walk(camera: Camera, step: 1 | -1): void {
  const { run } = useRunStore.getState();
  const { selection, markNs } = useView.getState();
  const node = run === undefined ? undefined : findNode(run, selection);
  const test = run === undefined || node?.kind !== 'test' ? undefined : rowAt(run.tests, node.row);
  if (test === undefined) return;
  const starts = Array.from({ length: segmentCount(test) }, (_, i) => segmentAt(test, i, nowNs())?.fromNs ?? 0);
  const at =
    step === 1
      ? starts.find((start) => start > (markNs ?? -Infinity))
      : starts.findLast((start) => start < (markNs ?? Infinity));
  if (at === undefined) return;
  setMark(at);
  const view = camera.view();
  if (at < view.fromNs || at > view.toNs) camera.pan(at - (view.fromNs + view.toNs) / 2);
}

/** The selected lane in words, for those who do not see it. */
export function selectedLaneText(): string {
  const { run } = useRunStore.getState();
  const node = run === undefined ? undefined : findNode(run, useView.getState().selection);
  const test = run === undefined || node?.kind !== 'test' ? undefined : rowAt(run.tests, node.row);
  return test === undefined ? '' : `${test.name} ${test.outcome}${phasesText(test, nowNs())}`;
}
