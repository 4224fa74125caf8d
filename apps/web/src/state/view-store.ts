import type { TestOutcome } from '@observe/protocol';
import { create } from 'zustand';
import type { NodeRef, Selection } from './selection.ts';
import { isSameSelection, RUN_SELECTION } from './selection.ts';
import type { Sort } from './tree.ts';
import { DEFAULT_VIEW, type Range, type Tab, type View } from './view-url.ts';

/** Whether nodes are open that nobody touched. Chosen once, when a run's first state comes: nothing opens or closes by itself. */
export type Expansion = 'all' | 'none';

/** Where the features meet: a click in one moves the others, and none knows another. A link carries the `View` part of it. */
export interface ViewStore extends View {
  readonly expansion: Expansion;
  /** Nodes that were opened or closed by hand, by `nodeKey`. */
  readonly overrides: ReadonlyMap<string, boolean>;
  readonly isDetailOpen: boolean;
  /** Bumped when the selection should be scrolled into sight: it came from elsewhere than a click on its row. */
  readonly reveals: number;
  /** A moment to be marked on the timeline, ns; from a line's time. */
  readonly markNs: number | undefined;
}

export const useView = create<ViewStore>(() => ({
  ...DEFAULT_VIEW,
  expansion: 'all',
  overrides: new Map(),
  isDetailOpen: true,
  reveals: 0,
  markNs: undefined,
}));

const { getState, setState } = useView;

export const nodeKey = ({ kind, row }: NodeRef): string => `${kind}:${row}`;

/** Takes over a link's view: of a new run everything, on `back` and `forward` what differs. */
export const showView = (view: View): void =>
  setState((before) => ({ ...view, reveals: before.reveals + 1, isDetailOpen: true }));

export function select(selection: Selection, { reveal = false } = {}): void {
  const before = getState();
  const isSame = isSameSelection(before.selection, selection);
  setState({
    ...(isSame ? {} : { selection, markNs: undefined }),
    isDetailOpen: true,
    reveals: before.reveals + (reveal ? 1 : 0),
  });
}

export const clearSelection = (): void => setState({ selection: RUN_SELECTION, markNs: undefined });
export const setTab = (tab: Tab): void => setState({ tab });
export const setRange = (range: Range): void => setState({ range });
export const setText = (text: string): void => setState({ text });
export const setSort = (sort: Sort): void => setState({ sort });
export const setMark = (markNs: number | undefined): void => setState({ markNs });
export const setDetailOpen = (isDetailOpen: boolean): void => setState({ isDetailOpen });
export const setExpansion = (expansion: Expansion): void => setState({ expansion, overrides: new Map() });

export function toggleOutcome(outcome: TestOutcome): void {
  const outcomes = new Set(getState().outcomes);
  if (!outcomes.delete(outcome)) outcomes.add(outcome);
  setState({ outcomes });
}

export const clearFilter = (): void => setState({ outcomes: new Set(), text: '' });

export function setExpanded(node: NodeRef, isExpanded: boolean): void {
  const overrides = new Map(getState().overrides);
  overrides.set(nodeKey(node), isExpanded);
  setState({ overrides });
}

/** A run is shown anew: nothing of the one before stays. */
export const resetView = (view: View): void =>
  setState({
    ...view,
    expansion: 'all',
    overrides: new Map(),
    isDetailOpen: true,
    markNs: undefined,
    reveals: getState().reveals + 1,
  });
