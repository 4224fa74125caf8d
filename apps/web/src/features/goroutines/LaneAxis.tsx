import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { crisp, paintAxis } from '../../canvas/paint-frame.ts';
import { clearSurface, createSurface, type Surface } from '../../canvas/surface.ts';
import { ticksOf } from '../../canvas/ticks.ts';
import { xOf, type Viewport } from '../../canvas/viewport.ts';
import { usePrefs } from '../../state/prefs-store.ts';
import { useRunStore } from '../../state/run-store.ts';
import { useCanvasTheme } from '../../state/use-canvas-theme.ts';

/** CSS pixels. */
const AXIS_PX = 26;

/** The axis of the lanes below it. Tells how wide they are. */
export function LaneAxis({
  view,
  endNs,
  onWidth,
}: {
  view: Viewport;
  /** Where the test ended. */
  endNs: number | undefined;
  onWidth: (px: number) => void;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const surface = useRef<Surface>(undefined);
  const theme = useCanvasTheme();
  const isWallClock = usePrefs((s) => s.isWallClock);
  const origin = useRunStore((s) => (isWallClock ? s.run?.origin : undefined));
  useEffect(() => {
    if (box.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => onWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [onWidth]);
  useLayoutEffect(() => {
    if (canvas.current === null || theme === undefined || view.widthPx <= 0) return;
    surface.current ??= createSurface(canvas.current);
    clearSurface(surface.current, view.widthPx, AXIS_PX);
    const { pen } = surface.current;
    paintAxis(pen, ticksOf(view, origin), 0, AXIS_PX, view.widthPx, theme);
    if (endNs === undefined) return;
    pen.fillStyle = theme.baseLine;
    pen.fillRect(crisp(xOf(view, endNs), theme), 0, Math.max(1, theme.hairline), AXIS_PX);
  });
  return (
    <div className="go-axis" ref={box}>
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}
