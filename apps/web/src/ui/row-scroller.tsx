import { createContext, use, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { ROW_PX } from '../canvas/paint-lanes.ts';

/** The one scroller under tree and timeline. Rows are ROW_PX high. */
export interface RowScroller {
  readonly element: HTMLElement;
  /** Brings a row into sight: by as little as it takes, or `toMiddle` when it comes from elsewhere. */
  reveal(index: number, toMiddle?: boolean): void;
}

const Context = createContext<RowScroller | undefined>(undefined);

/** Undefined during the first render, before the element is there. */
export const useRowScroller = (): RowScroller | undefined => use(Context);

export function RowScrollerBox({ rowCount, children }: { rowCount: number; children: ReactNode }): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  useLayoutEffect(() => setElement(ref.current), []);
  const scroller = useMemo(() => (element === null ? undefined : scrollerOf(element)), [element]);
  return (
    <div className="lanes-scroll scroll" ref={ref}>
      <div className="lanes-content" style={{ height: rowCount * ROW_PX }}>
        <Context value={scroller}>{children}</Context>
      </div>
    </div>
  );
}

const scrollerOf = (element: HTMLElement): RowScroller => ({
  element,
  reveal(index, toMiddle = false) {
    const top = index * ROW_PX;
    const { scrollTop, clientHeight } = element;
    const isSeen = top >= scrollTop && top + ROW_PX <= scrollTop + clientHeight;
    if (isSeen) return;
    if (toMiddle) {
      element.scrollTop = Math.max(0, Math.round((top - clientHeight / 2) / ROW_PX) * ROW_PX);
      return;
    }
    if (top < scrollTop) element.scrollTop = Math.max(0, top - ROW_PX);
    else element.scrollTop = top + 2 * ROW_PX - clientHeight;
  },
});
