import { iterateRows } from '@observe/base';
import { createReader, type Reader, type TraceFault } from '@observe/gotrace';
import {
  alignTrace,
  OwnerPairs,
  packageOfTrace,
  ProcessTrace,
  runNsOf,
  traceNsOf,
  NONE,
  type RunState,
  type TraceAlignment,
} from '@observe/run';

const UNALIGNED: TraceAlignment = { originNs: 0, quality: 'unknown', errorNs: Infinity, pieces: [] };

/** One trace of a run: read as its bytes come, tied to the run's tests and clock when somebody asks. */
export class TracedProcess {
  /** The trace's artifact. */
  readonly artifact: string;
  readonly trace = new ProcessTrace();
  readBytes = 0;
  hasEnded = false;
  /** Grows with what was read. */
  version = 0;
  /** Row of its package in the run; NONE: not placed. */
  packageRow = NONE;
  placedBy: 'capture' | 'content' | undefined;
  pairs: OwnerPairs | undefined;
  alignment: TraceAlignment = UNALIGNED;
  readonly #reader: Reader;
  #tiedTo: { readonly run: RunState; readonly version: number } | undefined;

  constructor(artifact: string) {
    this.artifact = artifact;
    this.#reader = createReader({}, (segment) => {
      this.trace.add(segment);
      this.version++;
    });
  }

  get traceVersion(): number | undefined {
    return this.#reader.version;
  }

  get faults(): readonly TraceFault[] {
    return this.#reader.faults;
  }

  push(bytes: Uint8Array): void {
    this.readBytes += bytes.byteLength;
    this.#reader.push(bytes);
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.#reader.end();
    this.version++;
  }

  /** Finds its package, its tests and its place in time, as far as the run and the trace tell by now. */
  tie(run: RunState): void {
    if (this.#tiedTo?.run === run && this.#tiedTo.version === this.version) return;
    this.#tiedTo = { run, version: this.version };
    this.#place(run);
    this.pairs?.update(run);
    this.alignment = alignTrace(this.trace, this.pairs, run);
  }

  /** Run time of a moment of the trace; null when it is not known, or lies before or behind the trace. */
  runNs(traceNs: number): number | null {
    return Number.isFinite(traceNs) ? (runNsOf(this.alignment, traceNs) ?? null) : null;
  }

  /** Trace time of a moment of the run; undefined while the trace has no place in it. */
  traceNs(runNs: number): number | undefined {
    return traceNsOf(this.alignment, runNs);
  }

  #place(run: RunState): void {
    const told = run.artifacts.find(({ id }) => id === this.artifact)?.package;
    const name = told ?? packageOfTrace(this.trace)?.path;
    const row = name === undefined ? NONE : rowOfPackage(run, name);
    this.placedBy = row === NONE ? undefined : told === undefined ? 'content' : 'capture';
    if (row === this.packageRow) return;
    this.packageRow = row;
    this.pairs = row === NONE ? undefined : new OwnerPairs(this.trace, row);
  }
}

function rowOfPackage(run: RunState, name: string): number {
  for (const pkg of iterateRows(run.packages)) if (pkg.name === name) return pkg.row;
  return NONE;
}
