import { NONE, type Profile } from './profile.ts';

/** A function, and what was seen in it. */
export interface FunctionRow {
  /** Row of the strings. */
  readonly func: number;
  /** Where it was the innermost frame. */
  readonly flat: number;
  /** Where it was on the stack; once for each stack, however often it is called there. */
  readonly cum: number;
}

/** The sum of all samples, one for each sample type. */
export const totalsOf = ({ samples }: Profile): readonly number[] =>
  samples.values.map((column) => column.reduce((sum, value) => sum + value, 0));

/**
 * The functions of a profile for one of its sample types, with the values of `go tool pprof -top`; largest flat first, then
 * largest cumulative, then by name. `samples` picks samples by row; all when absent.
 */
export function topFunctions(profile: Profile, type: number, samples?: Iterable<number>): readonly FunctionRow[] {
  const { stacks, frames, strings } = profile;
  const byStack = sumByStack(profile, type, samples);
  const flat = new Float64Array(strings.length);
  const cum = new Float64Array(strings.length);
  const seen = new Int32Array(strings.length).fill(NONE); // the last stack that a function was counted for
  const isUsed = new Uint8Array(strings.length);
  for (const [stack, value] of byStack) {
    for (let at = stack; at !== NONE; at = stacks.parent[at] as number) {
      const func = frames.func[stacks.frame[at] as number] as number;
      if (at === stack) flat[func] = (flat[func] as number) + value;
      if (seen[func] === stack) continue;
      seen[func] = stack;
      isUsed[func] = 1;
      cum[func] = (cum[func] as number) + value;
    }
  }
  const rows: FunctionRow[] = [];
  for (let func = 0; func < strings.length; func++) {
    if (isUsed[func] === 1) rows.push({ func, flat: flat[func] as number, cum: cum[func] as number });
  }
  const name = ({ func }: FunctionRow): string => strings[func] as string;
  return rows.sort(
    (a, b) => Math.abs(b.flat) - Math.abs(a.flat) || Math.abs(b.cum) - Math.abs(a.cum) || (name(a) < name(b) ? -1 : 1),
  );
}

function sumByStack({ samples }: Profile, type: number, picked?: Iterable<number>): ReadonlyMap<number, number> {
  const column = samples.values[type];
  const sums = new Map<number, number>();
  if (column === undefined) return sums;
  for (const row of picked ?? samples.stack.keys()) {
    const stack = samples.stack[row];
    if (stack !== undefined && stack !== NONE) sums.set(stack, (sums.get(stack) ?? 0) + (column[row] ?? 0));
  }
  return sums;
}
