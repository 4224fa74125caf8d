import { rowAt } from '@observe/base';
import type { PackageOutcome, TestOutcome } from '@observe/protocol';
import { NONE, wallNsOf, type PackageState, type RunState } from '@observe/run';
import type { NodeKind, NodeRef } from './selection.ts';

export const SORTS = ['start', 'duration', 'name'] as const;
export type Sort = (typeof SORTS)[number];

export interface TreeOptions {
  /** Empty: all. */
  readonly outcomes: ReadonlySet<TestOutcome>;
  /** Matched anywhere in `package` or test name; letter case counts only when the text has a capital. */
  readonly text: string;
  readonly sort: Sort;
  /** Asked only for nodes with children. */
  readonly isExpanded: (node: NodeRef) => boolean;
}

const KINDS: readonly NodeKind[] = ['package', 'test', 'build'];
const [EXPANDABLE, EXPANDED] = [1, 2];

/** The rows that tree and timeline show, top to bottom. Never changed once made. */
export class FlatTree {
  readonly length: number;
  readonly #kinds: Uint8Array;
  readonly #rows: Int32Array;
  readonly #depths: Uint8Array;
  readonly #flags: Uint8Array;
  #indices: Map<number, number> | undefined;

  constructor(length: number, kinds: Uint8Array, rows: Int32Array, depths: Uint8Array, flags: Uint8Array) {
    this.length = length;
    this.#kinds = kinds;
    this.#rows = rows;
    this.#depths = depths;
    this.#flags = flags;
  }

  at(index: number): NodeRef | undefined {
    const kind = index >= 0 && index < this.length ? KINDS[this.#kinds[index] ?? -1] : undefined;
    return kind === undefined ? undefined : { kind, row: this.#rows[index] ?? NONE };
  }

  /** 0 for packages and builds. */
  depthAt(index: number): number {
    return this.#depths[index] ?? 0;
  }

  isExpandable(index: number): boolean {
    return ((this.#flags[index] ?? 0) & EXPANDABLE) !== 0;
  }

  isExpanded(index: number): boolean {
    return ((this.#flags[index] ?? 0) & EXPANDED) !== 0;
  }

  /** Where a node is shown; -1 when it is filtered out or below something collapsed. */
  indexOf(node: NodeRef | undefined): number {
    if (node === undefined) return -1;
    if (this.#indices === undefined) {
      this.#indices = new Map();
      for (let i = 0; i < this.length; i++)
        this.#indices.set((this.#rows[i] ?? 0) * KINDS.length + (this.#kinds[i] ?? 0), i);
    }
    return this.#indices.get(node.row * KINDS.length + KINDS.indexOf(node.kind)) ?? -1;
  }

  /** Row above of smaller depth; -1 at the top. */
  parentOf(index: number): number {
    const depth = this.depthAt(index);
    for (let i = index - 1; i >= 0; i--) if (this.depthAt(i) < depth) return i;
    return -1;
  }

  equals(other: FlatTree): boolean {
    if (this.length !== other.length) return false;
    for (let i = 0; i < this.length; i++) {
      if (this.#rows[i] !== other.#rows[i] || this.#kinds[i] !== other.#kinds[i] || this.#flags[i] !== other.#flags[i])
        return false;
    }
    return true;
  }
}

/** Flattens packages, tests and subtests. Cost: O(nodes) with a filter, else O(shown rows); sorting adds its log. */
export function flattenTree(run: RunState, options: TreeOptions): FlatTree {
  const out = new Rows(run.packages.length + run.builds.length + run.tests.length);
  const isFiltered = options.text !== '' || options.outcomes.size > 0;
  const shown = isFiltered ? matchTests(run, options) : undefined;
  const matches = textMatcher(options.text);
  const compare = comparatorOf(run, options.sort);

  if (options.outcomes.size === 0 || options.outcomes.has('fail')) {
    for (let row = 0; row < run.builds.length; row++) {
      const build = rowAt(run.builds, row);
      if (build?.isFailed === true && matches(build.importPath)) out.push(2, row, 0, 0);
    }
  }

  const visit = (last: number, depth: number): void => {
    const siblings: number[] = [];
    for (let row = last; row !== NONE; row = rowAt(run.tests, row)?.prevSibling ?? NONE) {
      if (shown === undefined || shown[row] === 1) siblings.push(row);
    }
    siblings.reverse();
    if (compare !== undefined) siblings.sort(compare.tests);
    for (const row of siblings) {
      const child = rowAt(run.tests, row)?.lastChild ?? NONE;
      const isExpandable = child !== NONE && (shown === undefined || hasShownChild(run, child, shown));
      const isExpanded = isExpandable && options.isExpanded({ kind: 'test', row });
      out.push(1, row, depth, flagsOf(isExpandable, isExpanded));
      if (isExpanded) visit(child, depth + 1);
    }
  };

  for (const pkg of sortedPackages(run, compare?.packages)) {
    const hasTests = pkg.lastRoot !== NONE && (shown === undefined || hasShownChild(run, pkg.lastRoot, shown));
    const isSelf =
      !isFiltered ||
      (matches(pkg.name) &&
        (options.outcomes.size === 0 || options.outcomes.has(pkg.outcome satisfies PackageOutcome)));
    if (!hasTests && !isSelf) continue;
    const isExpanded = hasTests && options.isExpanded({ kind: 'package', row: pkg.row });
    out.push(0, pkg.row, 0, flagsOf(hasTests, isExpanded));
    if (isExpanded) visit(pkg.lastRoot, 1);
  }
  return out.finish();
}

/** 1 for each test that the filter shows: those that match, and what is above them. Subtests come after their parents. */
function matchTests(run: RunState, { outcomes, text }: TreeOptions): Uint8Array {
  const shown = new Uint8Array(run.tests.length);
  const matches = textMatcher(text);
  const isPackageMatch = new Uint8Array(run.packages.length);
  for (let row = 0; row < run.packages.length; row++)
    isPackageMatch[row] = matches(rowAt(run.packages, row)?.name ?? '') ? 1 : 0;
  for (let row = run.tests.length - 1; row >= 0; row--) {
    const test = rowAt(run.tests, row);
    if (test === undefined) continue;
    if (shown[row] !== 1) {
      if (outcomes.size > 0 && !outcomes.has(test.outcome)) continue;
      if (isPackageMatch[test.package] !== 1 && !matches(test.name)) continue;
      shown[row] = 1;
    }
    if (test.parent !== NONE) shown[test.parent] = 1;
  }
  return shown;
}

/** Smart case, as in many editors: a capital in the text makes case count. */
export function textMatcher(text: string): (name: string) => boolean {
  const wanted = text.trim();
  if (wanted === '') return () => true;
  if (wanted !== wanted.toLowerCase()) return (name) => name.includes(wanted);
  return (name) => name.toLowerCase().includes(wanted);
}

function hasShownChild(run: RunState, last: number, shown: Uint8Array): boolean {
  for (let row = last; row !== NONE; row = rowAt(run.tests, row)?.prevSibling ?? NONE)
    if (shown[row] === 1) return true;
  return false;
}

interface Comparators {
  readonly packages: (a: PackageState, b: PackageState) => number;
  readonly tests: (a: number, b: number) => number;
}

/** Undefined: as they began. Code units, not a collator: a hundred thousand names must sort at once. */
function comparatorOf(run: RunState, sort: Sort): Comparators | undefined {
  if (sort === 'start') return undefined;
  if (sort === 'name') {
    const nameOf = (row: number): string => rowAt(run.tests, row)?.name ?? '';
    return {
      packages: (a, b) => byText(a.name, b.name),
      tests: (a, b) => byText(nameOf(a), nameOf(b)) || a - b,
    };
  }
  const durations = new Float64Array(run.tests.length).fill(NaN);
  const durationOf = (row: number): number => {
    let value = durations[row] ?? -1;
    if (Number.isNaN(value)) {
      const test = rowAt(run.tests, row);
      value = (test === undefined ? undefined : wallNsOf(run, test, run.lastNs)) ?? -1;
      durations[row] = value;
    }
    return value;
  };
  return {
    packages: (a, b) => packageNs(run, b) - packageNs(run, a),
    tests: (a, b) => durationOf(b) - durationOf(a) || a - b,
  };
}

/** How long a package took, or has taken so far. */
export const packageNs = (run: RunState, pkg: PackageState): number =>
  pkg.elapsedNs ?? (pkg.startNs === undefined ? -1 : (pkg.endNs ?? run.lastNs ?? pkg.startNs) - pkg.startNs);

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sortedPackages(run: RunState, compare: Comparators['packages'] | undefined): PackageState[] {
  const packages = run.packages.chunks.flat();
  return compare === undefined ? packages : packages.sort(compare);
}

const flagsOf = (isExpandable: boolean, isExpanded: boolean): number =>
  (isExpandable ? EXPANDABLE : 0) | (isExpanded ? EXPANDED : 0);

/** Columns while they are filled. */
class Rows {
  #length = 0;
  readonly #kinds: Uint8Array;
  readonly #rows: Int32Array;
  readonly #depths: Uint8Array;
  readonly #flags: Uint8Array;

  constructor(most: number) {
    this.#kinds = new Uint8Array(most);
    this.#rows = new Int32Array(most);
    this.#depths = new Uint8Array(most);
    this.#flags = new Uint8Array(most);
  }

  push(kind: number, row: number, depth: number, flags: number): void {
    this.#kinds[this.#length] = kind;
    this.#rows[this.#length] = row;
    this.#depths[this.#length] = Math.min(255, depth);
    this.#flags[this.#length++] = flags;
  }

  finish(): FlatTree {
    return new FlatTree(this.#length, this.#kinds, this.#rows, this.#depths, this.#flags);
  }
}
