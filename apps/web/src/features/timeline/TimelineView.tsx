import { memo, useEffect, useRef, useState, type ReactNode } from 'react';
import { useApp } from '../../app-context.ts';
import { useRunStore } from '../../state/run-store.ts';
import type { FlatTree } from '../../state/tree.ts';
import { useView } from '../../state/view-store.ts';
import { TailIcon } from '../../ui/icons.tsx';
import { useRowScroller } from '../../ui/row-scroller.tsx';
import { OVERVIEW_PX } from './head.ts';
import { listenToHead, listenToLanes } from './gestures.ts';
import { LANE_KEYS, listenToKeys, selectedLaneText } from './keys.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { createTooltip } from './tooltip.ts';
import './timeline.css';

/** One timeline for as long as the page shows a run; its two parts lie in different places of the page. */
export function useTimeline(): Timeline | undefined {
  const { source } = useApp();
  const [timeline, setTimeline] = useState<Timeline>();
  useEffect(() => {
    const made = createTimeline(source);
    setTimeline(made);
    window.observe.timelineText = made.text;
    window.observe.chartsText = made.chartsText;
    const offKeys = listenToKeys(made.camera);
    return () => {
      offKeys();
      made.stop();
      window.observe.timelineText = window.observe.chartsText = () => '';
    };
  }, [source]);
  return timeline;
}

/** The whole run as a strip, and the axis of what is in sight. */
export const TimelineHead = memo(function TimelineHead({ timeline }: { timeline: Timeline }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const data = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (box.current === null || data.current === null || overlay.current === null) return undefined;
    const unmount = timeline.mountHead(box.current, data.current, overlay.current);
    const deafen = listenToHead(timeline, box.current, OVERVIEW_PX);
    return () => {
      deafen();
      unmount();
    };
  }, [timeline]);
  return (
    <div className="timeline-head" ref={box}>
      <canvas ref={data} aria-hidden="true" />
      <canvas ref={overlay} aria-hidden="true" />
      <FollowButton timeline={timeline} />
    </div>
  );
});

/** Only while a live run goes on out of sight. */
function FollowButton({ timeline }: { timeline: Timeline }): ReactNode {
  const isLive = useRunStore((s) => s.isLive);
  const isAway = useView((s) => s.range.kind === 'fixed');
  if (!isLive || !isAway) return null;
  return (
    <button type="button" className="button follow" onClick={() => timeline.camera.followLive()} title="Back to now  L">
      <TailIcon />
      Follow live
    </button>
  );
}

/** The lanes: a canvas as large as what is seen, in the scrolled content beside the tree. */
export const TimelineLanes = memo(function TimelineLanes({
  timeline,
  tree,
}: {
  timeline: Timeline;
  tree: FlatTree;
}): ReactNode {
  const scroller = useRowScroller();
  const box = useRef<HTMLDivElement>(null);
  const data = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  useEffect(() => timeline.setTree(tree), [timeline, tree]);
  useEffect(() => {
    if (scroller === undefined || box.current === null || data.current === null || overlay.current === null)
      return undefined;
    const unmount = timeline.mountLanes(scroller.element, box.current, data.current, overlay.current);
    const tooltip = createTooltip(timeline);
    const deafen = listenToLanes(timeline, scroller.element, box.current, tooltip.hover);
    return () => {
      deafen();
      tooltip.stop();
      unmount();
    };
  }, [timeline, scroller]);
  return (
    <div
      className="timeline-lanes"
      ref={box}
      role="group"
      aria-label="Timeline"
      aria-describedby="selected-lane"
      tabIndex={0}
      onKeyDown={(event) => {
        const act = LANE_KEYS[event.key];
        if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        act(timeline.camera);
      }}
    >
      <canvas ref={data} aria-hidden="true" />
      <canvas ref={overlay} aria-hidden="true" />
      <SelectedLane />
      <NoTime />
    </div>
  );
});

/** A stream made without `-t` has nothing to draw. */
function NoTime(): ReactNode {
  const isTimeless = useRunStore((s) => s.run !== undefined && s.run.quality.events > 0 && s.run.lastNs === undefined);
  return isTimeless ? (
    <p className="no-time muted">No event of this stream has a Time, so there are no lanes.</p>
  ) : null;
}

/** What the canvas shows of the selection, in words. */
function SelectedLane(): ReactNode {
  useView((s) => s.selection);
  useRunStore((s) => s.run?.counts);
  return (
    <span id="selected-lane" className="sr-only" aria-live="polite">
      {selectedLaneText()}
    </span>
  );
}
