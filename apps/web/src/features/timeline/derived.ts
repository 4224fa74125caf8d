import type { PackageState, RunState } from '@observe/run';
import { activityOf, type ActivityTable } from '../../canvas/activity.ts';
import { overviewOf, type Overview } from '../../canvas/overview.ts';
import type { Bounds } from '../../canvas/viewport.ts';

/** While tests run, a table is made anew at most this often, and never more than every REST times what it costs. */
const FRESH_MS = 80;
const REST = 20;

interface Made<T> {
  readonly value: T;
  readonly seq: number;
  readonly atMs: number;
  readonly costMs: number;
}

/** Tables made of a run's state for painting, kept until they are stale. `isStale` after a call: a newer one is due in `FRESH_MS`. */
export interface Derived {
  activity(run: RunState, pkg: PackageState): ActivityTable;
  overview(run: RunState, bounds: Bounds): Overview;
  /** Whether something older than the state was handed out since the last call of this. */
  takeStale(): boolean;
}

export function createDerived(): Derived {
  const activities = new Map<number, Made<ActivityTable> & { readonly pkg: PackageState }>();
  let overview: Made<Overview> | undefined;
  let wasStale = false;

  const isFresh = (made: Made<unknown>, isSame: boolean): boolean => {
    if (isSame) return true;
    const isRecent = performance.now() - made.atMs < Math.max(FRESH_MS, made.costMs * REST);
    if (isRecent) wasStale = true;
    return isRecent;
  };

  return {
    activity(run, pkg) {
      const known = activities.get(pkg.row);
      if (
        known !== undefined &&
        (pkg.outcome === 'running' ? isFresh(known, known.seq === run.seq) : known.pkg === pkg)
      )
        return known.value;
      const made = { ...timed(run.seq, () => activityOf(run.tests, pkg.tests, pkg.testCount)), pkg };
      activities.set(pkg.row, made);
      return made.value;
    },
    overview(run, bounds) {
      // While nothing comes, running tests still go on.
      const isSame = overview?.seq === run.seq && overview.value.bounds.toNs === bounds.toNs;
      if (overview === undefined || !(run.end === undefined ? isFresh(overview, isSame) : isSame)) {
        overview = timed(run.seq, () => overviewOf(run.tests, bounds));
      }
      return overview.value;
    },
    takeStale() {
      const was = wasStale;
      wasStale = false;
      return was;
    },
  };
}

function timed<T>(seq: number, make: () => T): Made<T> {
  const startMs = performance.now();
  const value = make();
  const atMs = performance.now();
  return { value, seq, atMs, costMs: atMs - startMs };
}
