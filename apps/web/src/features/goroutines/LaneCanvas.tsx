import { formatNs } from '@observe/base';
import type { LanesAnswer } from '@observe/protocol';
import { useLayoutEffect, useRef, type PointerEvent, type ReactNode } from 'react';
import { intervalAt, paintGoLane, stretchOf, type GoLaneFrame } from '../../canvas/paint-go-lane.ts';
import { crisp } from '../../canvas/paint-frame.ts';
import { clearSurface, createSurface, type Surface } from '../../canvas/surface.ts';
import { ticksOf } from '../../canvas/ticks.ts';
import { nsAt, nsPerPx, xOf } from '../../canvas/viewport.ts';
import { useCanvasTheme } from '../../state/use-canvas-theme.ts';
import { setMark } from '../../state/view-store.ts';
import { placeOf, shortFunc } from '../../ui/Frames.tsx';
import type { TooltipBox } from '../../ui/tooltip-box.ts';
import { standingText } from './describe.ts';

/** CSS pixels. */
const LANE_PX = 22;
const BAR = { yPx: 5, heightPx: 12 };
/** Beside a short interval the pointer still means it. */
const NEAR_PX = 3;
/** Calls that a tooltip shows. */
const MAX_CALLS = 8;

/** The lane of one goroutine. A press marks the moment on the timeline. */
export function LaneCanvas({
  frame,
  title,
  endNs,
  stacks,
  tooltip,
}: {
  frame: GoLaneFrame;
  title: string;
  /** Where its test ended. */
  endNs: number | undefined;
  stacks: LanesAnswer['stacks'];
  tooltip: TooltipBox | undefined;
}): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const surface = useRef<Surface>(undefined);
  const theme = useCanvasTheme();
  const { lane, view } = frame;
  useLayoutEffect(() => {
    if (canvas.current === null || theme === undefined || view.widthPx <= 0) return;
    surface.current ??= createSurface(canvas.current);
    clearSurface(surface.current, view.widthPx, LANE_PX);
    const { pen } = surface.current;
    pen.fillStyle = theme.gridLine;
    for (const { xPx } of ticksOf(view, undefined)) pen.fillRect(crisp(xPx, theme), 0, theme.hairline, LANE_PX);
    if (endNs !== undefined) {
      pen.fillStyle = theme.baseLine;
      pen.fillRect(crisp(xOf(view, endNs), theme), 0, Math.max(1, theme.hairline), LANE_PX);
    }
    paintGoLane(pen, frame, BAR, theme);
  });
  const placeAt = (event: PointerEvent): number =>
    nsAt(view, event.clientX - event.currentTarget.getBoundingClientRect().left);
  return (
    <span
      className="go-lane"
      aria-hidden="true"
      onPointerMove={(event) => {
        const i = intervalAt(lane, placeAt(event), nsPerPx(view) * NEAR_PX);
        if (i < 0) tooltip?.hide();
        else tooltip?.show({ title, lines: linesOf(lane, i, stacks) }, event);
      }}
      onPointerLeave={() => tooltip?.hide()}
      onPointerDown={(event) => setMark(placeAt(event))}
    >
      <canvas ref={canvas} />
    </span>
  );
}

function linesOf(lane: GoLaneFrame['lane'], i: number, stacks: LanesAnswer['stacks']): readonly string[] {
  const [state, reason = ''] = [lane.state[i] ?? 'waiting', lane.reason[i]];
  const { fromNs, toNs } = stretchOf(lane, i);
  const stack = stacks[lane.stack[i] ?? -1] ?? [];
  return [
    standingText({ state, reason }),
    `${formatNs(fromNs)} – ${formatNs(toNs)}, ${formatNs(toNs - fromNs)}`,
    ...stack.slice(0, MAX_CALLS).map((call) => `${shortFunc(call.func)}  ${placeOf(call, true)}`),
    ...(stack.length > MAX_CALLS ? [`and ${stack.length - MAX_CALLS} more calls`] : []),
  ];
}
