import { rowAt } from '@observe/base';
import { NONE, type RunState } from '@observe/run';
import type { LogSource } from '../log-source.ts';
import type { OutputOf } from '../output.ts';
import { attribute, readPackageLines, type Attribution } from './attribution.ts';
import type { TraceAnswer, TraceQuestion } from './questions.ts';

type Printers = Extract<TraceQuestion, { kind: 'printers' }>;

/** What is needed to ask a run's traces who printed. `version`: of what they answer. */
export interface PrinterSource {
  readonly log: LogSource;
  readonly version: number;
  printers(question: Printers): Promise<TraceAnswer<Printers>>;
}

/** Packages whose attribution is kept. */
const MAX_KEPT = 50;
/** Lines of a package that still runs are not attributed anew more often. */
const STALE_MS = 1000;

interface Kept {
  readonly key: string;
  readonly atMs: number;
  readonly attribution: Promise<Attribution | undefined>;
}

/** Who printed the lines of the packages of one run; each found out once, and again when there is more to tell. */
export class Attributions {
  readonly #kept = new Map<number, Kept>();

  /** Undefined where no trace tells: the stream's own word stands. `nowMs`: any clock. */
  async of(state: RunState, of: OutputOf, source: PrinterSource, nowMs: number): Promise<Attribution | undefined> {
    const row =
      of.kind === 'test' ? (rowAt(state.tests, of.row)?.package ?? NONE) : of.kind === 'package' ? of.row : NONE;
    const pkg = rowAt(state.packages, row);
    if (pkg === undefined || !state.artifacts.some(({ format }) => format === 'trace')) return undefined;
    const key = `${state.seq} ${source.version}`;
    const known = this.#kept.get(row);
    const isFresh =
      known?.key === key || (pkg.outcome === 'running' && known !== undefined && nowMs - known.atMs < STALE_MS);
    if (isFresh) return known.attribution;
    const attribution = find(state, row, source);
    this.#kept.delete(row);
    this.#kept.set(row, { key, atMs: nowMs, attribution });
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return attribution;
  }
}

/** Never rejects: without an answer the lines are shown as the stream has them. */
async function find(state: RunState, row: number, { log, printers }: PrinterSource): Promise<Attribution | undefined> {
  try {
    const lines = await readPackageLines(state, log, row);
    if (lines === undefined) return undefined;
    const { atNs, isPlain } = lines;
    const { test } = await printers({ kind: 'printers', row, atNs, isPlain });
    return attribute(lines, test);
  } catch {
    return undefined;
  }
}
