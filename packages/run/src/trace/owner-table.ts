import { BEFORE, F64Column, I32Column, NONE, OPEN, U8Column, type SymbolTable } from '@observe/gotrace';
import type { GoroutineRows } from './goroutine-rows.ts';
import { OWNER, ownerOfOlder, RUNNER_KIND, startRoleOf, type StartRole } from './owner-kind.ts';
import type { StackFacts } from './stack-facts.ts';

/** Of subtests in subtests: a trace that goes deeper is forged. */
const MAX_DEPTH = 256;

/**
 * What goroutines belong to: tests, subtests and their kin, and the five of OWNER. Row = owner; an owner's parent has a lower row.
 * The owner of a goroutine is the nearest one on the way up its creators. Columns hold `length` rows.
 */
export class OwnerTable {
  /** Index into OWNER_KINDS. */
  readonly kind = new U8Column();
  /** The test whose subtest it is, or OWNER.package; NONE for the five of OWNER. */
  readonly parent = new I32Column();
  /** It is its parent's k-th child, in the order of creation: 0, 1, 2 … */
  readonly ordinal = new I32Column();
  /** Children created so far. */
  readonly children = new I32Column();
  /** The goroutine that runs it (of an example: that reads what it prints; of a benchmark: its latest run); NONE for the five. */
  readonly root = new I32Column();
  /** The goroutine that a test got last, or NONE; go on with that one's `before`. */
  readonly newest = new I32Column();
  /** Row of the strings: the user's function that testing called, when a stack has shown it; NONE before. A hint at the test's name. */
  readonly hint = new I32Column();
  readonly createdNs = new F64Column();
  /** When its `=== RUN` line was written; BEFORE when not seen. */
  readonly announcedNs = new F64Column();
  /** End of the goroutine that runs it; OPEN before. */
  readonly endedNs = new F64Column();
  /** Owners in the order in which their hint became known. */
  readonly hinted = new I32Column();
  /** Goroutines that were first `unknown`, in the order in which it became known where they belong. */
  readonly moved = new I32Column();
  readonly #goroutines: GoroutineRows;
  readonly #symbols: SymbolTable;
  readonly #facts: StackFacts;
  /** By row of the strings. */
  readonly #roles = new Map<number, StartRole>();
  /** Examples, which all run on one goroutine, one after the other. */
  readonly #examples: number[] = [];
  /** The newest benchmark of each parent. */
  readonly #benchmarks = new Map<number, number>();

  constructor(goroutines: GoroutineRows, symbols: SymbolTable, facts: StackFacts) {
    this.#goroutines = goroutines;
    this.#symbols = symbols;
    this.#facts = facts;
    for (const kind of Object.values(OWNER)) this.#push(kind, NONE, NONE, OPEN);
  }

  get length(): number {
    return this.kind.length;
  }

  /** It is a test, fuzz test, example or benchmark. */
  isTest(owner: number): boolean {
    return (this.kind.values[owner] as number) > OWNER.unknown;
  }

  /** It is `other`, or one of them is a subtest of the other, at whatever depth up to MAX_DEPTH; below that, everything is. */
  isKin(owner: number, other: number): boolean {
    let high = Math.max(owner, other);
    const low = Math.min(owner, other);
    for (let depth = 0; high > low && depth < MAX_DEPTH; depth++) high = this.parent.values[high] as number;
    return high >= low;
  }

  /** Gives a goroutine its owner. Its creator has one already. */
  adopt(row: number): void {
    const owner = this.#ownerOf(row);
    this.#goroutines.owner.values[row] = owner;
    if (!this.isTest(owner)) return;
    this.#goroutines.before.values[row] = this.newest.values[owner] as number;
    this.newest.values[owner] = row;
  }

  /** Rows of a test's goroutines, the latest first; without those of its subtests. None for the five of OWNER. */
  *goroutinesOf(owner: number): Generator<number> {
    for (
      let row = this.newest.values[owner] ?? NONE;
      row !== NONE;
      row = this.#goroutines.before.values[row] as number
    ) {
      yield row;
    }
  }

  /**
   * A goroutine stood somewhere at `atNs`. Tells the name of the test that it runs, and what a goroutine is that is older than the
   * trace.
   */
  see(row: number, stack: number, atNs: number): void {
    if (stack === NONE) return;
    const { owner: owners } = this.#goroutines;
    let owner = owners.values[row] as number;
    if (owner === OWNER.unknown && this.#goroutines.isOlder(row)) {
      const root = this.#facts.rootFuncOf(stack);
      if (this.#symbols.string(root) === '') return;
      owner = ownerOfOlder(this.#symbols.string(root));
      owners.values[row] = owner;
      this.moved.push(row);
      this.#goroutines.startFunc.values[row] = root;
    }
    if (owner === OWNER.package) owner = this.#exampleAt(stack, atNs);
    else if (this.root.values[owner] !== row) return;
    if (owner !== NONE) this.#hint(owner, stack);
  }

  /** A goroutine ended. */
  end(row: number, endedNs: number): void {
    const owner = this.#goroutines.owner.values[row] as number;
    if (this.root.values[owner] === row) this.endedNs.values[owner] = endedNs;
  }

  /** The example that ran at `atNs`, if the stack is one of an example; else NONE. */
  #exampleAt(stack: number, atNs: number): number {
    if (this.#examples.length === 0 || !this.#facts.isInExample(stack)) return NONE;
    let low = 0;
    for (let high = this.#examples.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((this.createdNs.values[this.#examples[middle] as number] as number) > atNs) high = middle;
      else low = middle + 1;
    }
    return this.#examples[low - 1] ?? NONE;
  }

  #hint(owner: number, stack: number): void {
    if (this.hint.values[owner] !== NONE) return;
    const func = this.#facts.testedFuncOf(stack);
    if (func === NONE) return;
    this.hint.values[owner] = func;
    this.hinted.push(owner);
  }

  #ownerOf(row: number): number {
    const { parent, startFunc, createStack, goid } = this.#goroutines;
    if (this.#goroutines.isOlder(row)) return goid.values[row] === 1 ? OWNER.package : OWNER.unknown;
    const role = this.#roleOf(startFunc.values[row] as number);
    const creator = parent.values[row] as number;
    if (role === 'runtime') return OWNER.runtime;
    if (role === 'unknown') return OWNER.unknown;
    if (creator === NONE) return OWNER.timer;
    const stack = createStack.values[row] as number;
    const createdNs = this.#goroutines.createdNs.values[row] as number;
    this.see(creator, stack, createdNs);
    let outer = this.#goroutines.owner.values[creator] as number;
    if (outer === OWNER.package && role !== 'example') {
      const example = this.#exampleAt(stack, createdNs);
      if (example !== NONE) outer = example;
    }
    return this.#runnerOf(row, role, outer, stack) ?? (outer === OWNER.runtime ? OWNER.unknown : outer);
  }

  /** The owner that a goroutine runs, if it is one that runs a test. */
  #runnerOf(row: number, role: StartRole, outer: number, stack: number): number | undefined {
    const by = this.#symbols.string(this.#symbols.funcOf(stack));
    switch (role) {
      case 'test':
        if (by === 'testing.(*T).Run') return this.#add(RUNNER_KIND.test, outer, row);
        if (by.startsWith('testing.(*F).Fuzz')) return this.#add(RUNNER_KIND.fuzz, outer, row);
        return undefined; // of synctest: it belongs to the test around it
      case 'fuzz':
        return this.#add(RUNNER_KIND.fuzz, outer, row);
      case 'example':
        this.#examples.push(this.#add(RUNNER_KIND.example, outer, row));
        return this.#examples.at(-1);
      case 'benchmark':
      case 'benchmark-again':
        return this.#benchmark(role, row, outer, stack);
      default:
        return undefined;
    }
  }

  /** A benchmark runs once to find out how long it takes, then again, in a goroutine of its own each time. */
  #benchmark(role: StartRole, row: number, outer: number, stack: number): number | undefined {
    const kind = this.kind.values[outer] as number;
    // testing.Benchmark in a test: no benchmark that the stream knows.
    if (outer !== OWNER.package && kind !== RUNNER_KIND.benchmark) return undefined;
    const caller = this.#symbols.string(this.#symbols.funcOf(this.#symbols.callerOf(stack)));
    const latest = this.#benchmarks.get(outer);
    if (latest === undefined || (role === 'benchmark' && caller === 'testing.(*B).Run')) {
      const owner = this.#add(RUNNER_KIND.benchmark, outer, row);
      this.#benchmarks.set(outer, owner);
      return owner;
    }
    this.root.values[latest] = row;
    this.#goroutines.isRunner.values[row] = 1;
    this.endedNs.values[latest] = OPEN;
    return latest;
  }

  #roleOf(func: number): StartRole {
    let role = this.#roles.get(func);
    if (role === undefined) {
      role = startRoleOf(this.#symbols.string(func));
      this.#roles.set(func, role);
    }
    return role;
  }

  #add(kind: number, parent: number, root: number): number {
    return this.#push(kind, parent, root, this.#goroutines.createdNs.values[root] as number);
  }

  #push(kind: number, parent: number, root: number, createdNs: number): number {
    const ordinal = parent === NONE ? 0 : (this.children.values[parent] as number);
    if (parent !== NONE) this.children.values[parent] = ordinal + 1;
    this.kind.push(kind);
    this.parent.push(parent);
    this.ordinal.push(ordinal);
    this.children.push(0);
    this.root.push(root);
    if (root !== NONE) this.#goroutines.isRunner.values[root] = 1;
    this.newest.push(NONE);
    this.hint.push(NONE);
    this.createdNs.push(createdNs);
    this.announcedNs.push(BEFORE);
    this.endedNs.push(OPEN);
    return this.kind.length - 1;
  }
}
