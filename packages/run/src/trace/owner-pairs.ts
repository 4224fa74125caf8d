import { rowAt } from '@observe/base';
import { testFunctionOf } from '@observe/gostack';
import { I32Column, OPEN, U8Column } from '@observe/gotrace';
import { NONE, type RunState, type TestState } from '../state.ts';
import { OWNER, OWNER_KINDS } from './owner-kind.ts';
import type { OwnerTable } from './owner-table.ts';
import type { ProcessTrace } from './process-trace.ts';
import { matchSiblings } from './sibling-match.ts';

/** How an owner came to its test: by its place among its siblings, or confirmed by the name of a function on its stacks. */
export const PAIRED_BY = { none: 0, order: 1, name: 2 } as const;

/** The children of one parent, on both sides. */
interface Family {
  readonly owners: number[];
  readonly tests: number[];
  readonly lost: number[];
  /** The first so many are paired one by one, in order. */
  inOrder: number;
  /** The order is broken somewhere: every new child means to match all of them again. */
  isBroken: boolean;
}

/**
 * Owners of a trace ↔ tests of the run's package whose process it is, as a tree: the k-th test that a parent creates is the k-th
 * `run` of that parent in the stream. Cheap to bring up to date: the cost follows what is new, and families whose order is broken.
 */
export class OwnerPairs {
  /** Row of the package in the run. */
  readonly package: number;
  readonly #trace: ProcessTrace;
  /** By owner: row of the test in the run, or NONE. */
  readonly #test = new I32Column();
  /** By owner: one of PAIRED_BY. */
  readonly #by = new U8Column();
  readonly #owner = new Map<number, number>();
  /** By owner of the parent; tests of the package itself by kind, as -1 - kind. */
  readonly #families = new Map<number, Family>();
  /** Tests whose parent has no owner yet, by row of the parent. */
  readonly #waiting = new Map<number, TestState[]>();
  #ownersSeen = 0;
  #testsSeen = 0;
  #hintsSeen = 0;
  #dirty = new Set<number>();
  /** Owners that ended, until their families are compared for the last time. */
  readonly #closing = new Set<number>();
  #run: RunState | undefined;
  #isPackageOver = false;

  constructor(trace: ProcessTrace, packageRow: number) {
    this.#trace = trace;
    this.package = packageRow;
  }

  /** Takes in what is new in the trace, and in a later (or the same) state of the run. */
  update(run: RunState): void {
    this.#run = run;
    this.#addOwners();
    this.#addTests(run);
    this.#checkHints();
    do {
      // Pairing a family may pair the next one's parent.
      for (const key of this.#dirty) {
        this.#dirty.delete(key);
        this.#match(key);
      }
      this.#closeFamilies(run);
    } while (this.#dirty.size > 0);
    this.#run = undefined;
  }

  /** Row of the owner's test in the run; NONE: it is none, the stream has not told of it yet, or nobody can say which. */
  testOf(owner: number): number {
    return owner >= 0 && owner < this.#test.length ? (this.#test.values[owner] as number) : NONE;
  }

  /** Owner of a test of the run; NONE: not of this trace, not created yet, or unknown. */
  ownerOf(test: number): number {
    return this.#owner.get(test) ?? NONE;
  }

  /** One of PAIRED_BY. */
  pairedBy(owner: number): number {
    return owner >= 0 && owner < this.#by.length ? (this.#by.values[owner] as number) : PAIRED_BY.none;
  }

  /** Tests of the trace, those that are paired, and those among them that a name confirms. */
  counts(): { readonly owners: number; readonly paired: number; readonly named: number } {
    let [owners, paired, named] = [0, 0, 0];
    for (let owner = 0; owner < this.#by.length; owner++) {
      if (!this.#trace.owners.isTest(owner)) continue;
      owners++;
      if (this.#by.values[owner] !== PAIRED_BY.none) paired++;
      if (this.#by.values[owner] === PAIRED_BY.name) named++;
    }
    return { owners, paired, named };
  }

  #addOwners(): void {
    const { owners } = this.#trace;
    for (; this.#ownersSeen < owners.length; this.#ownersSeen++) {
      const owner = this.#ownersSeen;
      this.#test.push(NONE);
      this.#by.push(PAIRED_BY.none);
      if (!owners.isTest(owner)) continue;
      const key = keyOf(owners, owner);
      this.#familyOf(key).owners.push(owner);
      this.#dirty.add(key);
      this.#closing.add(owner);
    }
  }

  #addTests(run: RunState): void {
    const pkg = rowAt(run.packages, this.package);
    if (pkg === undefined) return;
    for (; this.#testsSeen < pkg.testCount; this.#testsSeen++) {
      const test = rowAt(run.tests, pkg.tests[this.#testsSeen] ?? NONE);
      if (test !== undefined) this.#addTest(test);
    }
    const isOver = pkg.outcome !== 'running';
    if (isOver && !this.#isPackageOver) for (const key of this.#families.keys()) if (key < 0) this.#dirty.add(key);
    this.#isPackageOver = isOver;
  }

  #addTest(test: TestState): void {
    if (test.repaired.includes('forged-frame')) return;
    if (test.parent === NONE && test.name.includes('/')) return; // its parent's `run` was lost: an orphan
    const parent = test.parent === NONE ? rootKey(test.kind) : this.ownerOf(test.parent);
    if (parent === NONE && test.parent !== NONE) {
      const waiting = this.#waiting.get(test.parent);
      if (waiting === undefined) this.#waiting.set(test.parent, [test]);
      else waiting.push(test);
      return;
    }
    const family = this.#familyOf(parent);
    if (test.repaired.includes('missing-run')) {
      family.lost.push(test.row);
      family.isBroken = true;
    } else family.tests.push(test.row);
    this.#dirty.add(parent);
  }

  /** Names may become known long after the pairing by order. */
  #checkHints(): void {
    const { hinted } = this.#trace.owners;
    for (; this.#hintsSeen < hinted.length; this.#hintsSeen++) {
      const owner = hinted.values[this.#hintsSeen] as number;
      const test = this.testOf(owner);
      if (test === NONE) continue;
      const name = this.#nameOf(owner);
      if (name === undefined) continue;
      if (name === this.#testName(test)) this.#by.values[owner] = PAIRED_BY.name;
      else this.#break(keyOf(this.#trace.owners, owner));
    }
  }

  /** Both sides of a family are complete when its parent ended in the trace and in the stream. */
  #closeFamilies(run: RunState): void {
    for (const owner of this.#closing) {
      if (this.#trace.owners.endedNs.values[owner] === OPEN) continue;
      const test = rowAt(run.tests, this.testOf(owner));
      if (test === undefined || test.phase !== undefined) continue;
      this.#closing.delete(owner);
      const family = this.#families.get(owner);
      if (family !== undefined && family.owners.length !== family.tests.length) this.#break(owner);
    }
  }

  #break(key: number): void {
    this.#familyOf(key).isBroken = true;
    this.#dirty.add(key);
  }

  #match(key: number): void {
    const family = this.#familyOf(key);
    if (key >= 0 && this.testOf(key) === NONE) return;
    const isClosed = key < 0 ? this.#isPackageOver && family.owners.length > family.tests.length : this.#isOver(key);
    if (this.#mayHaveOrphans(key) || (isClosed && family.owners.length !== family.tests.length)) family.isBroken = true;
    if (!family.isBroken) this.#matchInOrder(family);
    if (family.isBroken) this.#matchAll(family, isClosed || this.#mayHaveOrphans(key));
  }

  #isOver(owner: number): boolean {
    return !this.#closing.has(owner);
  }

  /** The `run` of the parent was lost: subtests that came before its next event are not known as its own. */
  #mayHaveOrphans(key: number): boolean {
    return key >= 0 && (rowAt(this.#run?.tests ?? EMPTY, this.testOf(key))?.repaired.includes('missing-run') ?? false);
  }

  #matchInOrder(family: Family): void {
    const { owners, tests } = family;
    for (; family.inOrder < Math.min(owners.length, tests.length); family.inOrder++) {
      const owner = owners[family.inOrder] as number;
      const test = tests[family.inOrder] as number;
      const name = this.#nameOf(owner);
      if (name !== undefined && name !== this.#testName(test)) {
        family.isBroken = true;
        return;
      }
      this.#pair(owner, test, name !== undefined);
    }
  }

  #matchAll(family: Family, isClosed: boolean): void {
    const before = family.owners.map((owner) => this.testOf(owner));
    const pairs = new Map<number, readonly [test: number, isNamed: boolean]>();
    const names = { owner: (owner: number) => this.#nameOf(owner), test: (test: number) => this.#testName(test) };
    matchSiblings({ ...family, isClosed }, names, (owner, test, isNamed) => pairs.set(owner, [test, isNamed]));
    family.owners.forEach((owner, i) => {
      if (before[i] !== NONE && pairs.get(owner)?.[0] !== before[i]) this.#unpair(owner);
    });
    for (const [owner, [test, isNamed]] of pairs) this.#pair(owner, test, isNamed);
  }

  #pair(owner: number, test: number, isNamed: boolean): void {
    this.#by.values[owner] = isNamed ? PAIRED_BY.name : PAIRED_BY.order;
    if (this.#test.values[owner] === test) return;
    this.#test.values[owner] = test;
    this.#owner.set(test, owner);
    for (const child of this.#waiting.get(test) ?? []) this.#addTest(child);
    this.#waiting.delete(test);
    if (this.#families.has(owner)) this.#dirty.add(owner);
  }

  /** With all below it: its subtests' tests wait for another owner of their parent. */
  #unpair(top: number): void {
    const stack = [top];
    for (let owner = stack.pop(); owner !== undefined; owner = stack.pop()) {
      const test = this.testOf(owner);
      this.#test.values[owner] = NONE;
      this.#by.values[owner] = PAIRED_BY.none;
      if (test !== NONE && this.#owner.get(test) === owner) this.#owner.delete(test);
      const family = this.#families.get(owner);
      if (family === undefined || test === NONE) continue;
      const tests = [...family.tests, ...family.lost].map((row) => rowAt(this.#run?.tests ?? EMPTY, row));
      this.#families.set(owner, { owners: family.owners, tests: [], lost: [], inOrder: 0, isBroken: false });
      this.#waiting.set(
        test,
        tests.filter((row) => row !== undefined),
      );
      for (const child of family.owners) stack.push(child);
    }
  }

  /** The name that a top-level test's own stacks show. Subtests are closures: their stacks do not tell them apart. */
  #nameOf(owner: number): string | undefined {
    const { owners, symbols } = this.#trace;
    const hint = owners.hint.values[owner] as number;
    if (hint === NONE || owners.parent.values[owner] !== OWNER.package) return undefined;
    return testFunctionOf(symbols.string(hint));
  }

  #testName(test: number): string {
    return rowAt(this.#run?.tests ?? EMPTY, test)?.name ?? '';
  }

  #familyOf(key: number): Family {
    let family = this.#families.get(key);
    if (family === undefined) {
      family = { owners: [], tests: [], lost: [], inOrder: 0, isBroken: false };
      this.#families.set(key, family);
    }
    return family;
  }
}

/** The pairs of a whole trace and a whole run, at once. */
export function pairOwners(trace: ProcessTrace, run: RunState, packageRow: number): OwnerPairs {
  const pairs = new OwnerPairs(trace, packageRow);
  pairs.update(run);
  return pairs;
}

const EMPTY: RunState['tests'] = { length: 0, chunks: [] };

const rootKey = (kind: TestState['kind']): number => -1 - OWNER_KINDS.indexOf(kind);

const keyOf = (owners: OwnerTable, owner: number): number => {
  const parent = owners.parent.values[owner] as number;
  return parent === OWNER.package ? -1 - (owners.kind.values[owner] as number) : parent;
};
