import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { ROW_PX } from '../../canvas/paint-lanes.ts';
import { commonPrefix } from '../../state/names.ts';
import { useRunStore } from '../../state/run-store.ts';
import { findNode, selectionOf, type NodeRef } from '../../state/selection.ts';
import type { FlatTree } from '../../state/tree.ts';
import { select, setExpanded, useView } from '../../state/view-store.ts';
import { useRowScroller } from '../../ui/row-scroller.tsx';
import { TreeRow } from './TreeRow.tsx';
import './test-tree.css';

/** The rows' names: packages, tests, subtests. Each is the label of the lane beside it. */
export const TestTree = memo(function TestTree({ tree }: { tree: FlatTree }): ReactNode {
  const scroller = useRowScroller();
  const selection = useView((s) => s.selection);
  const reveals = useView((s) => s.reveals);
  const active = useRunStore((s) => (s.run === undefined ? -1 : tree.indexOf(findNode(s.run, selection))));
  const prefix = useRunStore((s) => (s.run === undefined ? '' : commonPrefix(s.run)));

  const virtual = useVirtualizer({
    count: tree.length,
    getScrollElement: () => scroller?.element ?? null,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });

  // Only when asked to: a selection that merely scrolls out of sight stays where it is. What is asked for may lie below
  // something that is being opened, or not be there yet.
  const asked = useRef<number>(undefined);
  useEffect(() => {
    if (active < 0 || scroller === undefined || asked.current === reveals) return;
    asked.current = reveals;
    scroller.reveal(active, true);
  }, [reveals, active, scroller]);

  const choose = (index: number): void => {
    const { run } = useRunStore.getState();
    const node = tree.at(index);
    if (run === undefined || node === undefined) return;
    select(selectionOf(run, node));
    scroller?.reveal(index);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key]?.(tree, active, Math.floor((scroller?.element.clientHeight ?? 0) / ROW_PX) - 1);
    if (step === undefined) return;
    event.preventDefault();
    if (step.expand !== undefined) setExpanded(step.expand.node, step.expand.isExpanded);
    else choose(step.to);
  };

  return (
    <div
      className="tree"
      role="tree"
      aria-label="Tests"
      tabIndex={0}
      aria-activedescendant={active >= 0 ? `row-${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      {virtual.getVirtualItems().map(({ index, start }) => {
        const node = tree.at(index);
        if (node === undefined) return null;
        return (
          <TreeRow
            key={`${node.kind}:${node.row}`}
            kind={node.kind}
            row={node.row}
            index={index}
            topPx={start}
            depth={tree.depthAt(index)}
            isExpandable={tree.isExpandable(index)}
            isExpanded={tree.isExpanded(index)}
            isSelected={index === active}
            prefix={prefix}
          />
        );
      })}
    </div>
  );
});

interface Step {
  readonly to: number;
  readonly expand?: { readonly node: NodeRef; readonly isExpanded: boolean };
}

const clamp = (index: number, tree: FlatTree): Step => ({ to: Math.min(Math.max(index, 0), tree.length - 1) });

function expansion(tree: FlatTree, at: number, isExpanded: boolean): Step | undefined {
  const node = tree.at(at);
  return node === undefined ? undefined : { to: at, expand: { node, isExpanded } };
}

/** What a key does in a tree, as the ARIA practices have it. */
const STEPS: Readonly<Record<string, (tree: FlatTree, at: number, page: number) => Step | undefined>> = {
  ArrowDown: (tree, at) => clamp(at + 1, tree),
  ArrowUp: (tree, at) => clamp(at - 1, tree),
  PageDown: (tree, at, page) => clamp(at + page, tree),
  PageUp: (tree, at, page) => clamp(at - page, tree),
  Home: (tree) => clamp(0, tree),
  End: (tree) => clamp(tree.length - 1, tree),
  ArrowRight: (tree, at) => {
    if (!tree.isExpandable(at)) return undefined;
    return tree.isExpanded(at) ? clamp(at + 1, tree) : expansion(tree, at, true);
  },
  ArrowLeft: (tree, at) => {
    if (tree.isExpanded(at)) return expansion(tree, at, false);
    const parent = tree.parentOf(at);
    return parent < 0 ? undefined : { to: parent };
  },
  Enter: (tree, at) => (tree.isExpandable(at) ? expansion(tree, at, !tree.isExpanded(at)) : undefined),
};
