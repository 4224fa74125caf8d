import { ownerOfStack, type Owner } from '@observe/gostack';
import { framesOf, labelsOf, NONE, type Profile } from '@observe/pprof';

/** A test that samples of a profile belong to, and what says so: a label before a frame, a frame before the name of a closure. */
export type ProfileTest = Pick<Owner, 'test' | 'by'>;

/** Whose the samples of a profile are. */
export interface ProfileOwners {
  /** Each pair of a test and what says so, once. */
  readonly tests: readonly ProfileTest[];
  /** For each sample: row of `tests`; NONE: it is no test's, or nothing tells. */
  readonly owner: Int32Array<ArrayBuffer>;
}

/** Labels tell in CPU and goroutine profiles; in the others only stacks do, and not of goroutines started by name. */
export function ownersOfProfile(profile: Profile): ProfileOwners {
  const { samples } = profile;
  const rows = new Map<string, number>();
  const tests: ProfileTest[] = [];
  const byStack = new Map<number, number>();
  const owner = new Int32Array(samples.length).fill(NONE);
  const rowOf = (found: Owner | undefined): number => {
    if (found === undefined) return NONE;
    const key = `${found.by} ${found.test}`;
    const row = rows.get(key) ?? tests.push({ test: found.test, by: found.by }) - 1;
    rows.set(key, row);
    return row;
  };
  for (let i = 0; i < samples.length; i++) {
    const labels = labelsOf(profile, i);
    const stack = samples.stack[i] as number;
    const hasLabel = 'test' in labels;
    const known = hasLabel ? undefined : byStack.get(stack);
    const row = known ?? rowOf(ownerOfStack(framesOf(profile, stack), labels));
    if (!hasLabel) byStack.set(stack, row);
    owner[i] = row;
  }
  return { tests, owner };
}

/** The sums of one sample type for each row of `tests`; `rest`: of samples that are nobody's. */
export function valuesByTest(
  profile: Profile,
  type: number,
  { tests, owner }: ProfileOwners = ownersOfProfile(profile),
): { readonly values: Float64Array<ArrayBuffer>; readonly rest: number } {
  const values = new Float64Array(tests.length);
  const column = profile.samples.values[type] ?? new Float64Array(0);
  let rest = 0;
  for (const [i, value] of column.entries()) {
    const row = owner[i] as number;
    if (row === NONE) rest += value;
    else values[row] = (values[row] as number) + value;
  }
  return { values, rest };
}
