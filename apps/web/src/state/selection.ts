import { rowAt } from '@observe/base';
import { NONE, type RunState } from '@observe/run';

/** What the page speaks of. By name, not by row: a link must find it again in any source. */
export type Selection =
  | { readonly kind: 'run' }
  | { readonly kind: 'package'; readonly package: string }
  | { readonly kind: 'test'; readonly package: string; readonly test: string; readonly occurrence: number }
  | { readonly kind: 'build'; readonly importPath: string };

export type NodeKind = 'package' | 'test' | 'build';

/** A node of the tree by its row in one state's tables. */
export interface NodeRef {
  readonly kind: NodeKind;
  readonly row: number;
}

export const RUN_SELECTION: Selection = { kind: 'run' };

/** Where a selection was found: rows are never moved, so it is there still. Asked for with every frame. */
const found = new WeakMap<Selection, NodeRef>();

/** Undefined: nothing is chosen, or the run has no such thing (yet). Cost: the first time O(packages + tests of one package). */
export function findNode(run: RunState, selection: Selection): NodeRef | undefined {
  const before = found.get(selection);
  if (before !== undefined && isSameSelection(selectionOf(run, before), selection)) return before;
  const node = searchNode(run, selection);
  if (node !== undefined) found.set(selection, node);
  return node;
}

function searchNode(run: RunState, selection: Selection): NodeRef | undefined {
  switch (selection.kind) {
    case 'run':
      return undefined;
    case 'build':
      return nodeOf(
        'build',
        rowWhere(run.builds.length, (row) => rowAt(run.builds, row)?.importPath === selection.importPath),
      );
    case 'package':
      return nodeOf('package', packageRow(run, selection.package));
    case 'test': {
      const pkg = rowAt(run.packages, packageRow(run, selection.package));
      if (pkg === undefined) return undefined;
      const at = rowWhere(pkg.testCount, (i) => {
        const test = rowAt(run.tests, pkg.tests[i] ?? NONE);
        return test?.name === selection.test && test.occurrence === selection.occurrence;
      });
      return at === NONE ? undefined : { kind: 'test', row: pkg.tests[at] ?? NONE };
    }
  }
}

export function selectionOf(run: RunState, { kind, row }: NodeRef): Selection {
  if (kind === 'build') return { kind, importPath: rowAt(run.builds, row)?.importPath ?? '' };
  if (kind === 'package') return { kind, package: rowAt(run.packages, row)?.name ?? '' };
  const test = rowAt(run.tests, row);
  const pkg = rowAt(run.packages, test?.package ?? NONE)?.name ?? '';
  return { kind, package: pkg, test: test?.name ?? '', occurrence: test?.occurrence ?? 1 };
}

export function isSameSelection(a: Selection, b: Selection): boolean {
  switch (a.kind) {
    case 'run':
      return b.kind === 'run';
    case 'build':
      return b.kind === 'build' && a.importPath === b.importPath;
    case 'package':
      return b.kind === 'package' && a.package === b.package;
    case 'test':
      return b.kind === 'test' && a.package === b.package && a.test === b.test && a.occurrence === b.occurrence;
  }
}

const packageRow = (run: RunState, name: string): number =>
  rowWhere(run.packages.length, (row) => rowAt(run.packages, row)?.name === name);

function rowWhere(length: number, matches: (row: number) => boolean): number {
  for (let row = 0; row < length; row++) if (matches(row)) return row;
  return NONE;
}

const nodeOf = (kind: NodeKind, row: number): NodeRef | undefined => (row === NONE ? undefined : { kind, row });
