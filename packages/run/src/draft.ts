import { detach, RowsDraft, type Ns } from '@observe/base';
import { isForgedName, type RepairId } from '@observe/gotest';
import type { Counts, TestOutcome } from '@observe/protocol';
import { grown } from './growth.ts';
import {
  EMPTY_SCAN,
  NONE,
  NO_COUNTS,
  NO_OUTPUT,
  PHASES,
  type BuildState,
  type PackageScan,
  type PackageState,
  type Phase,
  type RunState,
  type StreamQuality,
  type TestKind,
  type TestState,
} from './state.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type TestDraft = Mutable<TestState>;
export type PackageDraft = Omit<Mutable<PackageState>, 'scan' | 'counts'> & {
  scan: Mutable<PackageScan>;
  counts: Mutable<Counts>;
};
export type BuildDraft = Mutable<BuildState>;

/** One batch of changes to a run: copies a row at its first change, gives back a new state that shares the rest. */
export class RunDraft {
  readonly run: Mutable<RunState>;
  readonly counts: Mutable<Counts>;
  readonly quality: Mutable<StreamQuality>;
  readonly #tests: RowsDraft<TestState>;
  readonly #packages: RowsDraft<PackageState>;
  readonly #builds: RowsDraft<BuildState>;
  readonly #ownTests = new Map<number, TestDraft>();
  readonly #ownPackages = new Map<number, PackageDraft>();
  readonly #ownBuilds = new Map<number, BuildDraft>();
  #lastTest: TestDraft | undefined;
  /** The last lookup by name: most lines speak of the test of the line before. */
  #lastName: { readonly pkg: number; readonly name: string; readonly row: number } | undefined;
  #lastPackage: PackageDraft | undefined;

  constructor(base: RunState) {
    this.run = { ...base };
    this.counts = { ...base.counts };
    this.quality = { ...base.quality };
    this.#tests = new RowsDraft(base.tests);
    this.#packages = new RowsDraft(base.packages);
    this.#builds = new RowsDraft(base.builds);
    base.names.catchUp(base.packages, base.tests);
  }

  finish(): RunState {
    return {
      ...this.run,
      counts: this.counts,
      quality: this.quality,
      tests: this.#tests.finish(),
      packages: this.#packages.finish(),
      builds: this.#builds.finish(),
    };
  }

  get packageCount(): number {
    return this.#packages.length;
  }
  get testCount(): number {
    return this.#tests.length;
  }
  get buildCount(): number {
    return this.#builds.length;
  }

  /** For reading; `test` is for changing. */
  peek(row: number): TestState | undefined {
    return this.#tests.at(row);
  }

  test(row: number): TestDraft {
    if (this.#lastTest?.row === row) return this.#lastTest;
    let own = this.#ownTests.get(row);
    if (own === undefined) {
      const test = this.#tests.at(row);
      if (test === undefined) throw new RangeError(`no test row ${row}`);
      own = { ...test };
      this.#ownTests.set(row, own);
      this.#tests.set(row, own);
    }
    return (this.#lastTest = own);
  }

  package(row: number): PackageDraft {
    if (this.#lastPackage?.row === row) return this.#lastPackage;
    let own = this.#ownPackages.get(row);
    if (own === undefined) {
      const pkg = this.#packages.at(row);
      if (pkg === undefined) throw new RangeError(`no package row ${row}`);
      own = { ...pkg, scan: { ...pkg.scan }, counts: { ...pkg.counts } };
      this.#ownPackages.set(row, own);
      this.#packages.set(row, own);
    }
    return (this.#lastPackage = own);
  }

  build(row: number): BuildDraft {
    let own = this.#ownBuilds.get(row);
    if (own === undefined) {
      const build = this.#builds.at(row);
      if (build === undefined) throw new RangeError(`no build row ${row}`);
      own = { ...build };
      this.#ownBuilds.set(row, own);
      this.#builds.set(row, own);
    }
    return own;
  }

  peekBuild(row: number): BuildState | undefined {
    return this.#builds.at(row);
  }

  addBuild(importPath: string, kind: BuildState['kind']): BuildDraft {
    const row = this.#builds.length;
    const build: BuildDraft = {
      row,
      importPath: detach(importPath),
      kind,
      isFailed: false,
      packages: [],
      output: NO_OUTPUT,
    };
    this.#ownBuilds.set(row, build);
    this.#builds.push(build);
    return build;
  }

  /** The package of that name; made when it is new. */
  packageNamed(name: string): PackageDraft {
    if (this.#lastPackage?.name === name) return this.#lastPackage;
    const known = this.run.names.packageRow(name, this.#packages.length);
    if (known !== undefined) return this.package(known);
    const row = this.#packages.length;
    const pkg: PackageDraft = {
      ...NEW_PACKAGE,
      row,
      name: detach(name),
      counts: { ...NO_COUNTS },
      scan: { ...EMPTY_SCAN },
    };
    this.#ownPackages.set(row, pkg);
    this.#packages.push(pkg);
    this.run.names.addPackage(pkg.name, row);
    return (this.#lastPackage = pkg);
  }

  /** Row of the latest execution of `name`. */
  latest(pkg: PackageDraft, name: string): number | undefined {
    const last = this.#lastName;
    if (last?.name === name && last.pkg === pkg.row) return last.row;
    const row = this.run.names.latest(pkg.row, name, this.#tests.length);
    if (row !== undefined) this.#lastName = { pkg: pkg.row, name, row };
    return row;
  }

  /** Whether this row is there, and no later execution of its name. */
  isLatest(row: number): boolean {
    return row < this.#tests.length && !this.run.names.isSuperseded(row);
  }

  /** A new execution of `name`, in phase running. */
  addTest(pkg: PackageDraft, name: string, startNs: Ns | undefined, repaired: readonly RepairId[]): TestDraft {
    const earlier = this.run.names.latest(pkg.row, name, this.#tests.length);
    const parent = this.#parentOf(pkg, name);
    const row = this.#tests.length;
    const test: TestDraft = {
      ...NEW_TEST,
      row,
      package: pkg.row,
      name: earlier === undefined ? detach(name) : (this.peek(earlier)?.name ?? name),
      occurrence: earlier === undefined ? 1 : (this.peek(earlier)?.occurrence ?? 0) + 1,
      parent,
      kind: kindOf(name),
      startNs,
      repaired: isForgedName(name) ? [...repaired, 'forged-frame'] : repaired,
    };
    this.#ownTests.set(row, test);
    this.#tests.push(test);
    this.run.names.addTest(pkg.row, test.name, row);
    pkg.tests = grown(pkg.tests, pkg.testCount++, row);
    if (parent === NONE) {
      test.prevSibling = pkg.lastRoot;
      pkg.lastRoot = row;
    } else {
      const mother = this.test(parent);
      test.prevSibling = mother.lastChild;
      mother.lastChild = row;
      mother.children++;
    }
    pkg.counts.running++;
    this.counts.running++;
    this.setPhase(pkg, test, 'running', startNs);
    this.#lastName = { pkg: pkg.row, name, row };
    return (this.#lastTest = test);
  }

  setPhase(pkg: PackageDraft, test: TestDraft, phase: Phase | undefined, atNs: Ns | undefined): void {
    if (test.phase === phase) return;
    pkg.scan.active += isActive(phase) - isActive(test.phase);
    pkg.scan.open += (phase === undefined ? 0 : 1) - (test.phase === undefined ? 0 : 1);
    test.phase = phase;
    if (phase !== undefined && phase !== 'ended' && atNs !== undefined) {
      const { segments, segmentLength } = test;
      const index = PHASES.indexOf(phase);
      test.segments = segmentLength === 0 ? [atNs, index] : grown(segments, segmentLength, atNs, index);
      test.segmentLength = segmentLength + 2;
    }
  }

  setOutcome(pkg: PackageDraft, test: TestDraft, outcome: TestOutcome): void {
    if (test.outcome === outcome) return;
    const from = countKey(test.outcome);
    const to = countKey(outcome);
    pkg.counts[from]--;
    pkg.counts[to]++;
    this.counts[from]--;
    this.counts[to]++;
    test.outcome = outcome;
  }

  /** The parent of a run event is the longest prefix of its name (at a `/`) that has already run. */
  #parentOf(pkg: PackageDraft, name: string): number {
    for (let cut = name.lastIndexOf('/'); cut > 0; cut = name.lastIndexOf('/', cut - 1)) {
      const row = this.run.names.latest(pkg.row, name.slice(0, cut), this.#tests.length);
      if (row !== undefined) return row;
    }
    return NONE;
  }
}

// Copied, as each later version is: V8 then gives all versions one shape.
const NEW_TEST: TestState = {
  row: NONE,
  package: NONE,
  name: '',
  occurrence: 1,
  parent: NONE,
  kind: 'test',
  outcome: 'running',
  phase: undefined,
  startNs: undefined,
  endNs: undefined,
  reportedNs: undefined,
  closedNs: undefined,
  elapsedNs: undefined,
  segments: [],
  segmentLength: 0,
  output: NO_OUTPUT,
  children: 0,
  lastChild: NONE,
  prevSibling: NONE,
  isParallel: false,
  openParallel: 0,
  paused: [],
  pausedCount: 0,
  lost: undefined,
  repaired: [],
  more: undefined,
};
const NEW_PACKAGE: PackageState = {
  row: NONE,
  name: '',
  outcome: 'running',
  startNs: undefined,
  endNs: undefined,
  elapsedNs: undefined,
  isCached: false,
  tests: [],
  testCount: 0,
  counts: NO_COUNTS,
  lastRoot: NONE,
  output: NO_OUTPUT,
  processOutput: NO_OUTPUT,
  crash: undefined,
  races: 0,
  failedBuild: NONE,
  failedBuildPath: undefined,
  coverage: undefined,
  shuffle: undefined,
  emptiness: undefined,
  repaired: [],
  scan: EMPTY_SCAN,
};

export function mark<T extends { repaired: readonly RepairId[] }>(it: T, id: RepairId): void {
  if (!it.repaired.includes(id)) it.repaired = [...it.repaired, id];
}

const isActive = (phase: Phase | undefined): number => (phase === 'running' || phase === 'cleanup' ? 1 : 0);

const countKey = (outcome: TestOutcome): keyof Counts => (outcome === 'never-started' ? 'neverStarted' : outcome);

function kindOf(name: string): TestKind {
  if (name.startsWith('Benchmark')) return 'benchmark';
  if (name.startsWith('Example')) return 'example';
  return name.startsWith('Fuzz') ? 'fuzz' : 'test';
}
