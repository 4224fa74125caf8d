import type { GoroutinesAnswer, LanesAnswer, ShownGoroutine } from '@observe/protocol';
import { MAX_WIDTH, type GoroutinesOf } from '@observe/query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { hairline } from '../../canvas/surface.ts';
import { boundsOf, viewportOf } from '../../state/camera.ts';
import { useNowNs } from '../../state/use-now.ts';
import { useTraceAnswer } from '../../state/use-trace-answer.ts';
import { useView } from '../../state/view-store.ts';
import { createTooltipBox, type TooltipBox } from '../../ui/tooltip-box.ts';
import { goroutineKey } from './describe.ts';
import { GoroutineRow } from './GoroutineRow.tsx';
import { LaneAxis } from './LaneAxis.tsx';
import { viewOfLife, type Life } from './span.ts';

/** CSS pixels. */
const ROW_PX = 22;

interface Props {
  readonly of: GoroutinesOf;
  readonly answer: GoroutinesAnswer;
  /** Those to be shown, of the answer's. */
  readonly list: readonly ShownGoroutine[];
  readonly life: Life;
  readonly isFiltered: boolean;
}

/** Single goroutines, a lane each. Only those in sight are in the document, and asked for. */
export function GoroutineList({ of, answer, list, life, isFiltered }: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [laneWidthPx, setLaneWidth] = useState(0);
  const [isOwnTime, setOwnTime] = useState(true);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const tooltip = useTooltip();
  const range = useView((s) => s.range);
  const nowNs = useNowNs();
  const view = isOwnTime ? viewOfLife(life, laneWidthPx) : viewportOf(range, boundsOf(nowNs), laneWidthPx);

  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => goroutineKey(list[index] ?? { process: '', goid: index }),
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const shown = items.flatMap(({ index }) => list[index] ?? []);
  const { answer: lanes } = useTraceAnswer(
    laneWidthPx === 0 || shown.length === 0
      ? undefined
      : {
          kind: 'lanes',
          goroutines: shown.map(({ process, goid }) => ({ process, goid })),
          fromNs: view.fromNs,
          toNs: view.toNs,
          width: Math.max(1, Math.min(MAX_WIDTH, Math.round(laneWidthPx / hairline()))),
        },
  );
  const laneOf = lanesByKey(lanes);
  const toggle = (key: string): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  return (
    <section className="go-list" aria-label="Goroutines">
      <div className="go-list-head">
        <span className="muted ellipsis">
          {isFiltered || answer.total <= answer.goroutines.length
            ? 'goroutine'
            : `the first ${answer.goroutines.length.toLocaleString('en-US')} of ${answer.total.toLocaleString('en-US')}, alive ones first`}
        </span>
        <span className="segmented" role="group" aria-label="Time that the lanes show">
          <button type="button" className="button" aria-pressed={isOwnTime} onClick={() => setOwnTime(true)}>
            {of.kind === 'test' ? 'Its time' : 'All of it'}
          </button>
          <button type="button" className="button" aria-pressed={!isOwnTime} onClick={() => setOwnTime(false)}>
            As above
          </button>
        </span>
        <LaneAxis view={view} endNs={life.endNs} onWidth={setLaneWidth} />
      </div>
      <div className="go-list-scroll scroll" ref={box} tabIndex={0} onScroll={() => tooltip.current?.hide()}>
        <ul style={{ height: virtual.getTotalSize() }} onKeyDown={walkRows}>
          {items.map(({ index, start, key }) => {
            const goroutine = list[index];
            if (goroutine === undefined) return null;
            return (
              <li
                key={key}
                data-index={index}
                ref={virtual.measureElement}
                style={{ transform: `translateY(${start}px)` }}
                className="go-item"
              >
                <GoroutineRow
                  goroutine={goroutine}
                  answer={answer}
                  lane={laneOf.get(goroutineKey(goroutine))}
                  laneStacks={lanes?.stacks ?? NO_STACKS}
                  view={view}
                  testEndNs={of.kind === 'test' ? life.endNs : undefined}
                  isOwner={of.kind === 'test'}
                  isOpen={open.has(goroutineKey(goroutine))}
                  onToggle={() => toggle(goroutineKey(goroutine))}
                  tooltip={tooltip.current}
                />
              </li>
            );
          })}
        </ul>
        {list.length === 0 && (
          <p className="goroutines-note faint">
            None of these is among the {formatCount(answer.goroutines.length)} listed.
          </p>
        )}
      </div>
    </section>
  );
}

/** Up and down go from row to row. */
function walkRows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const item = event.target instanceof Element ? event.target.closest<HTMLElement>('.go-item') : null;
  if (step === undefined || item === null) return;
  const next = Number(item.dataset.index) + step;
  const row = event.currentTarget.querySelector<HTMLElement>(`.go-item[data-index="${next}"] .go-row-head`);
  if (row === null) return;
  event.preventDefault();
  row.focus();
}

const formatCount = (count: number): string => count.toLocaleString('en-US');

const NO_STACKS: LanesAnswer['stacks'] = [];

const lanesByKey = (answer: LanesAnswer | undefined): ReadonlyMap<string, LanesAnswer['lanes'][number]> =>
  new Map((answer?.lanes ?? []).map((lane) => [goroutineKey(lane), lane]));

function useTooltip(): { readonly current: TooltipBox | undefined } {
  const ref = useRef<TooltipBox>(undefined);
  useEffect(() => {
    const made = createTooltipBox();
    ref.current = made;
    return () => {
      made.stop();
      ref.current = undefined;
    };
  }, []);
  return ref;
}
