import { rowAt } from '@observe/base';
import type { RunState } from '@observe/run';
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { useApp } from '../app-context.ts';
import { ROW_PX } from '../canvas/paint-lanes.ts';
import { HelpButton } from '../features/help/HelpButton.tsx';
import { RunHeader } from '../features/run-header/RunHeader.tsx';
import { TestTree } from '../features/test-tree/TestTree.tsx';
import { TreeToolbar } from '../features/test-tree/TreeToolbar.tsx';
import { Charts } from '../features/timeline/Charts.tsx';
import { TimelineHead, TimelineLanes, useTimeline } from '../features/timeline/TimelineView.tsx';
import { usePrefs } from '../state/prefs-store.ts';
import { useRunStore } from '../state/run-store.ts';
import { findNode, selectionOf, type NodeRef } from '../state/selection.ts';
import { flattenTree, type FlatTree } from '../state/tree.ts';
import { useHasTraces } from '../state/traces.ts';
import { ancestorsOf, useTree } from '../state/use-tree.ts';
import {
  clearFilter,
  clearSelection,
  select,
  setDetailOpen,
  setExpanded,
  setExpansion,
  useView,
} from '../state/view-store.ts';
import { isNewerLink } from '../state/view-url.ts';
import { Message } from '../ui/Message.tsx';
import { RowScrollerBox } from '../ui/row-scroller.tsx';
import { Splitter } from '../ui/Splitter.tsx';
import { DetailPane } from './DetailPane.tsx';
import { Loading, ProblemMessage } from './RunStates.tsx';

/** A run of more tests opens with its packages closed: their lanes are its overview. */
const SMALL_RUN = 400;

/** One run: header, tree and timeline side by side on one scroller, details below. */
export function RunPage(): ReactNode {
  const problem = useRunStore((s) => s.problem);
  const hasRun = useRunStore((s) => s.run !== undefined);
  const { address } = useApp();
  const [isNewer] = useState(() => isNewerLink(address.read().view));
  return (
    <main className="run-page">
      <RunHeader>
        <HelpButton />
      </RunHeader>
      {problem !== undefined && !hasRun && <ProblemMessage problem={problem} />}
      {problem === undefined && !hasRun && <Loading />}
      {hasRun && problem !== undefined && <p className="banner tone-lost">{problem.message}</p>}
      {isNewer && (
        <p className="banner">This link was made by a newer observe: what this one does not know of it is left out.</p>
      )}
      {hasRun && <RunBody />}
    </main>
  );
}

function RunBody(): ReactNode {
  useFirstExpansion();
  useReveal();
  const tree = useTree();
  const timeline = useTimeline();
  const treeWidthPx = usePrefs((s) => s.treeWidthPx);
  const detailHeightPx = usePrefs((s) => s.detailHeightPx);
  const hasTraces = useHasTraces();
  const isDetailOpen = useView((s) => s.isDetailOpen);
  const [isTimelineShown, showTimeline] = useState(false);
  useFailureKeys();
  if (tree === undefined) return null;
  const style = { '--tree-width': `${treeWidthPx}px`, '--detail-height': `${detailHeightPx}px` } as CSSProperties;
  return (
    <div className={isTimelineShown ? 'run-body shows-timeline' : 'run-body'} style={style}>
      <div className="lanes">
        <div className="lanes-head">
          <TreeToolbar />
          {timeline !== undefined && <TimelineHead timeline={timeline} />}
          <button
            type="button"
            className="button narrow-switch"
            aria-pressed={isTimelineShown}
            onClick={() => showTimeline(!isTimelineShown)}
          >
            Timeline
          </button>
        </div>
        {hasTraces && timeline !== undefined && <Charts timeline={timeline} />}
        <RowScrollerBox rowCount={tree.length}>
          <Anchor tree={tree} />
          <TestTree tree={tree} />
          {timeline !== undefined && <TimelineLanes timeline={timeline} tree={tree} />}
        </RowScrollerBox>
        {tree.length === 0 && <EmptyTree />}
        <Splitter
          direction="vertical"
          label="Width of the tree"
          valuePx={treeWidthPx}
          minPx={220}
          maxPx={() => window.innerWidth - 300}
          grows="before"
          onChange={(px) => usePrefs.setState({ treeWidthPx: px })}
        />
      </div>
      {isDetailOpen ? (
        <>
          <Splitter
            direction="horizontal"
            label="Height of the details"
            valuePx={detailHeightPx}
            minPx={90}
            maxPx={() => window.innerHeight - 240}
            grows="after"
            onChange={(px) => usePrefs.setState({ detailHeightPx: px })}
          />
          <DetailPane />
        </>
      ) : (
        <button type="button" className="detail-closed" onClick={() => setDetailOpen(true)}>
          Details
        </button>
      )}
    </div>
  );
}

function EmptyTree(): ReactNode {
  const isFiltered = useView((s) => s.outcomes.size > 0 || s.text !== '');
  const isOver = useRunStore((s) => s.run?.end !== undefined);
  return (
    <div className="empty-tree">
      {isFiltered && (
        <Message title="Nothing matches">
          <button type="button" className="button" onClick={clearFilter}>
            Clear the filter
          </button>
        </Message>
      )}
      {!isFiltered &&
        (isOver ? <Message title="No package in this run" /> : <Message title="Waiting for the first package …" />)}
    </div>
  );
}

/** Chosen once, by the run's first state: later nothing opens or closes by itself. */
function useFirstExpansion(): void {
  useLayoutEffect(() => {
    const { run } = useRunStore.getState();
    if (run === undefined) return;
    setExpansion(run.tests.length <= SMALL_RUN ? 'all' : 'none');
  }, []);
}

/** What is to be shown must not lie below something closed. */
function useReveal(): void {
  const reveals = useView((s) => s.reveals);
  useEffect(() => {
    const { run } = useRunStore.getState();
    const node = run === undefined ? undefined : findNode(run, useView.getState().selection);
    if (run === undefined || node === undefined) return;
    for (const above of ancestorsOf(run, node)) setExpanded(above, true);
  }, [reveals]);
}

/** N and P walk through what failed or was lost; Esc leaves the selection. */
function useFailureKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, select, textarea, dialog *');
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'n' || event.key === 'p') goToTrouble(event.key === 'n' ? 1 : -1);
      if (event.key === 'Escape') clearSelection();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** In the order of the tree, also into what is closed. */
function goToTrouble(step: 1 | -1): void {
  const { run } = useRunStore.getState();
  const { outcomes, text, sort, selection } = useView.getState();
  if (run === undefined) return;
  const tree = flattenTree(run, { outcomes, text, sort, isExpanded: () => true });
  const from = tree.indexOf(findNode(run, selection));
  const start = from < 0 && step < 0 ? 0 : from;
  for (let i = 1; i <= tree.length; i++) {
    const node = tree.at((start + step * i + tree.length * 2) % tree.length);
    if (node === undefined || !isTrouble(run, node)) continue;
    select(selectionOf(run, node), { reveal: true });
    return;
  }
}

function isTrouble(run: RunState, { kind, row }: NodeRef): boolean {
  if (kind === 'build') return true;
  const outcome = kind === 'test' ? rowAt(run.tests, row)?.outcome : undefined;
  return outcome === 'fail' || outcome === 'lost';
}

/** Rows that come or go above what one looks at do not move it. */
function Anchor({ tree }: { tree: FlatTree }): ReactNode {
  const last = useRef<{ tree: FlatTree; filter: string } | undefined>(undefined);
  const filter = useView((s) => `${s.text}\n${[...s.outcomes].join()}\n${s.sort}`);
  const marker = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const before = last.current;
    last.current = { tree, filter };
    const scroller = marker.current?.closest<HTMLElement>('.lanes-scroll');
    if (
      before === undefined ||
      before.tree === tree ||
      scroller === null ||
      scroller === undefined ||
      scroller.scrollTop === 0
    )
      return;
    if (before.filter !== filter) {
      scroller.scrollTop = 0;
      return;
    }
    const top = Math.floor(scroller.scrollTop / ROW_PX);
    const now = tree.indexOf(before.tree.at(top));
    if (now >= 0 && now !== top) scroller.scrollTop += (now - top) * ROW_PX;
  }, [tree, filter]);
  return <span ref={marker} hidden />;
}
