import type { CreatedBy, Frame } from './frame.ts';
import type { Dump, Goroutine } from './goroutine.ts';
import type { Labels } from './labels.ts';
import { noiseOf, type NoiseId } from './noise.ts';
import { isStandardLibrary } from './std.ts';

/** Goroutines that do the same: same state, same creator, same calls at the same lines. Arguments and minutes may differ. */
export interface Bucket {
  readonly status: string;
  readonly createdBy: CreatedBy | undefined;
  readonly frames: readonly Frame[];
  /** In dump order; at least one. */
  readonly goroutines: readonly Goroutine[];
  /** Label sets of its goroutines, each with how many have it; goroutines without labels are in none. */
  readonly labelSets: readonly LabelSet[];
  /** Shortest and longest wait, in whole minutes; below one counts as 0. Absent: none waits for a minute. */
  readonly minutes: { readonly min: number; readonly max: number } | undefined;
  /** No frame outside of the standard library. */
  readonly isStandardLibraryOnly: boolean;
  readonly noise: NoiseId | undefined;
}

export interface LabelSet {
  readonly labels: Labels;
  readonly count: number;
}

/**
 * Groups by hash, where the usual comparison of all with all is quadratic. Order: what has user code, what has none, noise;
 * in each the one that died first (the first goroutine, when it was running), then the larger, then dump order.
 */
export function bucketGoroutines(dump: Dump): readonly Bucket[] {
  const groups = new Map<string, Goroutine[]>();
  for (const goroutine of dump.goroutines) {
    const key = keyOf(goroutine);
    const group = groups.get(key);
    if (group) group.push(goroutine);
    else groups.set(key, [goroutine]);
  }
  const [first] = dump.goroutines;
  const died = first?.status === 'running' ? first : undefined;
  return [...groups.values()]
    .flatMap(bucketOf)
    .sort((a, b) => rankOf(a, died) - rankOf(b, died) || b.goroutines.length - a.goroutines.length);
}

/** Go writes no NUL: one in a name merges buckets at worst. */
function keyOf({ status, createdBy, frames }: Goroutine): string {
  const parts = [status, createdBy?.func ?? ''];
  for (const { func, file, line } of frames) parts.push(func, file ?? '', String(line ?? ''));
  return parts.join('\0');
}

function bucketOf(goroutines: readonly Goroutine[]): Bucket[] {
  const [first] = goroutines;
  if (first === undefined) return [];
  const { status, createdBy, frames } = first;
  const isStandardLibraryOnly = frames.every(isStandardLibrary);
  return [
    {
      status,
      createdBy,
      frames,
      goroutines,
      labelSets: labelSetsOf(goroutines),
      minutes: minutesOf(goroutines),
      isStandardLibraryOnly,
      noise: noiseOf(first),
    },
  ];
}

function labelSetsOf(goroutines: readonly Goroutine[]): readonly LabelSet[] {
  const sets = new Map<string, { labels: Labels; count: number }>();
  for (const { labels } of goroutines) {
    const entries = Object.entries(labels);
    if (entries.length === 0) continue;
    const key = JSON.stringify(entries);
    const known = sets.get(key);
    if (known) known.count++;
    else sets.set(key, { labels, count: 1 });
  }
  return [...sets.values()];
}

function minutesOf(goroutines: readonly Goroutine[]): Bucket['minutes'] {
  if (goroutines.every((goroutine) => goroutine.waitMinutes === undefined)) return undefined;
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const { waitMinutes = 0 } of goroutines) {
    min = Math.min(min, waitMinutes);
    max = Math.max(max, waitMinutes);
  }
  return { min, max };
}

function rankOf(bucket: Bucket, died: Goroutine | undefined): number {
  const rank = bucket.noise !== undefined ? 4 : bucket.isStandardLibraryOnly ? 2 : 0;
  return bucket.goroutines[0] === died ? rank : rank + 1;
}
