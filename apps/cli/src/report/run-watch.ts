import { iterateRows, rowAt, visitChangedRows, type Ns } from '@observe/base';
import { emptyRun, type BuildState, type PackageState, type RunState, type TestState } from '@observe/run';

/** What has happened between two looks at a run. */
export interface Changes {
  /** Tests that failed, without those that failed because a subtest did. */
  readonly failed: readonly TestState[];
  readonly ended: readonly PackageState[];
  readonly brokenBuilds: readonly BuildState[];
}

export interface RunningTest {
  readonly test: TestState;
  readonly ageNs: Ns | undefined;
}

/** Follows the states of one run. A look costs what has changed since the last one. */
export class RunWatch {
  #state: RunState = emptyRun();
  readonly #open = new Set<number>();
  readonly #failed = new Set<number>();
  /** Tests with a failed subtest. */
  readonly #blamed = new Set<number>();
  readonly #ended = new Set<number>();
  readonly #broken = new Set<number>();

  get state(): RunState {
    return this.#state;
  }

  look(state: RunState): Changes {
    const before = this.#state;
    this.#state = state;
    const failed: TestState[] = [];
    visitChangedRows(before.tests, state.tests, (test) => {
      if (test.phase === undefined) this.#open.delete(test.row);
      else this.#open.add(test.row);
      if (test.outcome === 'fail' && !this.#failed.has(test.row)) {
        this.#failed.add(test.row);
        this.#blamed.add(test.parent);
        failed.push(test);
      }
    });
    const ended: PackageState[] = [];
    visitChangedRows(before.packages, state.packages, (pkg) => {
      if (pkg.outcome === 'running') this.#ended.delete(pkg.row);
      else if (!this.#ended.has(pkg.row)) {
        this.#ended.add(pkg.row);
        ended.push(pkg);
      }
    });
    const brokenBuilds: BuildState[] = [];
    for (const build of before.builds === state.builds ? [] : iterateRows(state.builds)) {
      if (!build.isFailed || this.#broken.has(build.row)) continue;
      this.#broken.add(build.row);
      brokenBuilds.push(build);
    }
    return { failed: failed.filter((test) => !this.#blamed.has(test.row)), ended, brokenBuilds };
  }

  get packagesEnded(): number {
    return this.#ended.size;
  }

  /** The tests that run now, those that began first, at most `limit`; and how many there are, and how many wait in t.Parallel. */
  running(nowNs: Ns | undefined, limit: number): { tests: RunningTest[]; total: number; waiting: number } {
    let waiting = 0;
    let total = 0;
    const oldest: TestState[] = [];
    for (const row of this.#open) {
      const test = rowAt(this.#state.tests, row);
      if (test?.phase === 'paused' || test?.phase === 'queued') waiting++;
      if (test?.phase !== 'running' && test?.phase !== 'cleanup') continue;
      total++;
      if (oldest.length === limit && startOf(test) >= startOf(oldest.at(-1))) continue;
      const at = oldest.findLastIndex((other) => startOf(other) <= startOf(test)) + 1;
      oldest.splice(at, 0, test);
      oldest.length = Math.min(oldest.length, limit);
    }
    return { tests: oldest.map((test) => ({ test, ageNs: ageOf(test, nowNs) })), total, waiting };
  }
}

const startOf = (test: TestState | undefined): number => test?.startNs ?? 0;

const ageOf = (test: TestState, nowNs: Ns | undefined): Ns | undefined =>
  nowNs === undefined || test.startNs === undefined ? undefined : (Math.max(0, nowNs - test.startNs) as Ns);

/**
 * Now, in ns since the run's first event, by this machine's monotonic clock; while a saved stream is played faster than it was
 * made, its own latest Time. Undefined when the stream has no Time.
 */
export function liveNowNs(state: RunState, monoNs: number): Ns | undefined {
  if (state.lastNs === undefined) return undefined;
  return Math.max(state.lastNs, monoNs - (state.originMonoNs ?? monoNs)) as Ns;
}
