import { rowAt } from '@observe/base';
import { NONE, type RunState } from '@observe/run';
import { useRef } from 'react';
import { useRunStore } from './run-store.ts';
import type { NodeRef } from './selection.ts';
import { flattenTree, type FlatTree } from './tree.ts';
import { nodeKey, useView } from './view-store.ts';

/** Sorting by duration moves rows while a run is live; more often than this nobody could read them. */
const RESORT_MS = 1000;

interface Kept {
  readonly inputs: readonly unknown[];
  readonly tree: FlatTree;
}

/**
 * The rows that the page shows: flattened anew when something that they depend on has changed, and the same object as
 * before when the result is. Undefined until a run is there.
 */
export function useTree(): FlatTree | undefined {
  const run = useRunStore((s) => s.run);
  // One by one: the range moves with every frame of a pan, and is nothing to the rows.
  const outcomes = useView((s) => s.outcomes);
  const text = useView((s) => s.text);
  const sort = useView((s) => s.sort);
  const expansion = useView((s) => s.expansion);
  const overrides = useView((s) => s.overrides);
  const kept = useRef<Kept>(undefined);
  if (run === undefined) return undefined;

  const clock = sort === 'duration' ? Math.floor(performance.now() / RESORT_MS) : 0;
  const inputs = [
    ...[run.tests.length, run.packages.length, run.builds],
    ...(outcomes.size > 0 ? [run.counts, run.packages] : []),
    ...[outcomes, text, sort, expansion, overrides, clock],
  ];
  const before = kept.current;
  if (before !== undefined && isSame(before.inputs, inputs)) return before.tree;

  const isFiltered = outcomes.size > 0 || text !== '';
  const isExpanded = (node: NodeRef): boolean => overrides.get(nodeKey(node)) ?? (isFiltered || expansion === 'all');
  const made = flattenTree(run, { outcomes, text, sort, isExpanded });
  const tree = before?.tree.equals(made) === true ? before.tree : made;
  kept.current = { inputs, tree };
  return tree;
}

/** What must be open for a node to be seen. */
export function ancestorsOf(run: RunState, node: NodeRef): NodeRef[] {
  if (node.kind !== 'test') return [];
  const ancestors: NodeRef[] = [];
  let test = rowAt(run.tests, node.row);
  if (test === undefined) return [];
  ancestors.push({ kind: 'package', row: test.package });
  while (test !== undefined && test.parent !== NONE) {
    ancestors.push({ kind: 'test', row: test.parent });
    test = rowAt(run.tests, test.parent);
  }
  return ancestors;
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
