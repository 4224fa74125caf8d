import { rowAt } from '@observe/base';
import { NONE, type RunState } from '@observe/run';
import { useRef } from 'react';
import { useRunStore } from './run-store.ts';
import type { NodeRef } from './selection.ts';
import { flattenTree, type FlatTree } from './tree.ts';
import { nodeKey, useView, type Expansion } from './view-store.ts';

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
  const { outcomes, text, sort, expansion, overrides } = useView();
  const kept = useRef<Kept>(undefined);
  if (run === undefined) return undefined;

  const clock = sort === 'duration' ? Math.floor(performance.now() / RESORT_MS) : 0;
  const dependsOnOutcomes = outcomes.size > 0 || expansion === 'trouble';
  const inputs = [
    ...[run.tests.length, run.packages.length, run.builds],
    ...(dependsOnOutcomes ? [run.counts, run.packages] : []),
    ...[outcomes, text, sort, expansion, overrides, clock],
  ];
  const before = kept.current;
  if (before !== undefined && isSame(before.inputs, inputs)) return before.tree;

  const isFiltered = outcomes.size > 0 || text !== '';
  const isExpanded = (node: NodeRef): boolean =>
    overrides.get(nodeKey(node)) ?? (isFiltered || isExpandedByDefault(run, node, expansion));
  const made = flattenTree(run, { outcomes, text, sort, isExpanded });
  const tree = before?.tree.equals(made) === true ? before.tree : made;
  kept.current = { inputs, tree };
  return tree;
}

function isExpandedByDefault(run: RunState, node: NodeRef, expansion: Expansion): boolean {
  if (expansion !== 'trouble') return expansion === 'all';
  if (node.kind === 'package') {
    const counts = rowAt(run.packages, node.row)?.counts;
    return counts !== undefined && counts.fail + counts.lost + counts.neverStarted + counts.running > 0;
  }
  const outcome = rowAt(run.tests, node.row)?.outcome;
  return outcome !== 'pass' && outcome !== 'skip';
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
