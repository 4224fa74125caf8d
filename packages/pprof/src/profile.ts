/** No such row. */
export const NONE = -1;

/**
 * What a profile is of. Go writes the same types for block and mutex profiles: their stacks tell them apart, and `contention`
 * is one without a sample that would. `unknown`: a profile of a program's own, or of another profiler; its types say more.
 */
export type ProfileKind =
  | 'cpu'
  | 'heap'
  | 'allocs'
  | 'block'
  | 'mutex'
  | 'contention'
  | 'goroutine'
  | 'goroutineleak'
  | 'threadcreate'
  | 'unknown';

/** A quantity and its unit, as the profile names them: `delay` in `nanoseconds`, `alloc_space` in `bytes`. */
export interface ValueType {
  readonly type: string;
  readonly unit: string;
}

/** One `profile.proto`, as tables. Rows of strings, frames and stacks are numbered from 0. */
export interface Profile {
  readonly kind: ProfileKind;
  readonly sampleTypes: readonly ValueType[];
  /** Index of the sample type that the profile itself would show: its default, else the last, as `go tool pprof` has it. */
  readonly defaultType: number;
  readonly samples: SampleTable;
  readonly labels: LabelTable;
  readonly stacks: StackTable;
  readonly frames: FrameTable;
  readonly strings: readonly string[];
  /**
   * Wall clock, ns since 1970. Of a CPU profile: when it began; of all others: when it was written. Undefined: the profile
   * does not say.
   */
  readonly timeNanos: bigint | undefined;
  /** Ns that it was taken for; undefined but for CPU profiles. */
  readonly durationNs: number | undefined;
  /** One sample stands for so many of `periodType`; undefined where the profile does not say. */
  readonly period: number | undefined;
  readonly periodType: ValueType | undefined;
  /** The program that wrote it, as a path: `/tmp/…/payments.test`. Undefined: the profile does not say. */
  readonly binary: string | undefined;
  readonly comments: readonly string[];
  /** Samples whose stack was cut at its root: past a limit of this reader. */
  readonly cutStacks: number;
}

/** In the order of the file. */
export interface SampleTable {
  readonly length: number;
  /** Row of the stacks; NONE: the sample has none. */
  readonly stack: Int32Array<ArrayBuffer>;
  /** One column for each sample type. Exact up to 2^53, rounded beyond; negative in a difference of two profiles. */
  readonly values: readonly Float64Array<ArrayBuffer>[];
  /** Labels of sample `i`: rows from `labelStart[i]` up to, without, `labelStart[i + 1]`. */
  readonly labelStart: Int32Array<ArrayBuffer>;
}

/** A label is a text or a number. */
export interface LabelTable {
  readonly length: number;
  /** Row of the strings. */
  readonly key: Int32Array<ArrayBuffer>;
  /** Row of the strings; NONE: it is a number. */
  readonly text: Int32Array<ArrayBuffer>;
  /** NaN: it is a text. */
  readonly number: Float64Array<ArrayBuffer>;
}

/** Stacks as a forest: a stack is a frame and the stack of its caller. Callers stand before callees. */
export interface StackTable {
  readonly length: number;
  /** The innermost frame: row of the frames. */
  readonly frame: Int32Array<ArrayBuffer>;
  /** The caller's stack; NONE at the root. */
  readonly parent: Int32Array<ArrayBuffer>;
}

export interface FrameTable {
  readonly length: number;
  /** Row of the strings: Go's name with its package path; an address (`0x45d1f2`) where the profile has no name. */
  readonly func: Int32Array<ArrayBuffer>;
  /** Row of the strings: a path, as compiled; empty where the profile has none. */
  readonly file: Int32Array<ArrayBuffer>;
  /** 0 where the profile has none. */
  readonly line: Int32Array<ArrayBuffer>;
}

/** One frame, resolved. */
export interface Frame {
  readonly func: string;
  readonly file: string;
  readonly line: number;
}

/** Innermost first; empty for NONE. */
export function framesOf(profile: Profile, stack: number): readonly Frame[] {
  const { strings, stacks, frames } = profile;
  const found: Frame[] = [];
  for (let at = stack; at !== NONE; at = stacks.parent[at] as number) {
    const frame = stacks.frame[at] as number;
    found.push({
      func: strings[frames.func[frame] as number] as string,
      file: strings[frames.file[frame] as number] as string,
      line: frames.line[frame] as number,
    });
  }
  return found;
}

/** The text labels of a sample. No prototype: any key is a plain key. A key that comes twice: the last counts. */
export function labelsOf(profile: Profile, sample: number): Readonly<Record<string, string>> {
  const { labels, samples, strings } = profile;
  const found = Object.create(null) as Record<string, string>;
  const end = samples.labelStart[sample + 1] as number;
  for (let row = samples.labelStart[sample] as number; row < end; row++) {
    const text = labels.text[row] as number;
    if (text !== NONE) found[strings[labels.key[row] as number] as string] = strings[text] as string;
  }
  return found;
}
