import { assertNever, rowAt } from '@observe/base';
import { NONE } from '@observe/gotrace';
import type { GoroutinesAnswer } from '@observe/protocol';
import { emptyRun, type OwnerPairs, type ProcessTrace, type RunState, type TraceAlignment } from '@observe/run';
import { askGoroutines, type Chosen } from './ask-goroutines.ts';
import { askLanes } from './ask-lanes.ts';
import { askPrinters } from './ask-printers.ts';
import { askProcesses } from './ask-processes.ts';
import { askSeries } from './ask-series.ts';
import { accountOf, askTests } from './ask-tests.ts';
import { describeArtifact } from './describe-artifact.ts';
import type { GoroutinesOf, TraceAnswer, TraceQuestion } from './questions.ts';
import { TracedProcess } from './traced-process.ts';

/** The execution traces of one run, read as they grow, and what they answer. */
export interface RunTraces {
  /** The run as it is now: names and times of its tests, its processes and artifacts. */
  setRun(run: RunState): void;
  /** The next bytes of a trace. */
  push(artifact: string, bytes: Uint8Array): void;
  /** No more bytes come. */
  end(artifact: string): void;
  /** Grows with each change of what is answered. */
  readonly version: number;
  /** How far the traces reach, in run time; null before the first generation. */
  readonly tipNs: number | null;
  ask<Q extends TraceQuestion>(question: Q): TraceAnswer<Q>;
  /** Those whose package is known, brought up to date with the run: for detectors. */
  placed(): readonly TiedProcess[];
}

/** A trace with its tests and its place in time. */
export interface TiedProcess {
  /** The trace's artifact. */
  readonly process: string;
  readonly trace: ProcessTrace;
  readonly pairs: OwnerPairs;
  readonly alignment: TraceAlignment;
  /** Row of its package in the run. */
  readonly package: number;
}

export function createRunTraces(): RunTraces {
  return new Traces();
}

class Traces implements RunTraces {
  #run: RunState = emptyRun();
  readonly #processes = new Map<string, TracedProcess>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  get tipNs(): number | null {
    let tip: number | null = null;
    for (const process of this.#tied()) {
      const endNs = process.trace.extent.generations === 0 ? null : process.runNs(process.trace.extent.endNs);
      if (endNs !== null && (tip === null || endNs > tip)) tip = endNs;
    }
    return tip;
  }

  setRun(run: RunState): void {
    const isOther = run.tests.length !== this.#run.tests.length || run.end !== this.#run.end;
    this.#run = run;
    if (isOther && this.#processes.size > 0) this.#version++;
  }

  push(artifact: string, bytes: Uint8Array): void {
    this.#change(artifact, (process) => process.push(bytes));
  }

  end(artifact: string): void {
    this.#change(artifact, (process) => process.end());
  }

  ask<Q extends TraceQuestion>(question: Q): TraceAnswer<Q> {
    return this.#answer(question) as TraceAnswer<Q>;
  }

  placed(): readonly TiedProcess[] {
    return this.#tied().flatMap(({ artifact: process, trace, pairs, alignment, packageRow }) =>
      pairs === undefined ? [] : [{ process, trace, pairs, alignment, package: packageRow }],
    );
  }

  #answer(question: TraceQuestion): TraceAnswer<TraceQuestion> {
    const processes = this.#tied();
    switch (question.kind) {
      case 'processes':
        return askProcesses(this.#run, processes, this.#version);
      case 'tests':
        return { tests: askTests(this.#run, processes) };
      case 'printers':
        return { test: askPrinters(processes, question) };
      case 'describe':
        return describeArtifact(this.#run, question.artifact, question.bytes);
      case 'series':
        return askSeries(
          this.#chosen(question.of).map(({ process }) => process),
          question,
        );
      case 'goroutines':
        return this.#goroutines(question.of, question);
      case 'lanes':
        return askLanes(processes, question.goroutines, question);
      default:
        return assertNever(question);
    }
  }

  #goroutines(of: GoroutinesOf, page: { readonly from: number; readonly limit: number }): GoroutinesAnswer {
    const chosen = this.#chosen(of);
    const [only] = chosen;
    const account = of.kind === 'test' && only !== undefined ? accountOf(this.#run, only.process, only.owner) : null;
    return askGoroutines(this.#run, chosen, page, account);
  }

  #change(artifact: string, change: (process: TracedProcess) => void): void {
    let process = this.#processes.get(artifact);
    if (process === undefined) this.#processes.set(artifact, (process = new TracedProcess(artifact)));
    const before = process.version;
    change(process);
    if (process.version !== before) this.#version++;
  }

  #tied(): readonly TracedProcess[] {
    const processes = [...this.#processes.values()];
    for (const process of processes) process.tie(this.#run);
    return processes;
  }

  #chosen(of: GoroutinesOf): Chosen[] {
    const processes = this.#tied();
    switch (of.kind) {
      case 'run':
        return processes.map((process) => ({ process, owner: NONE }));
      case 'package':
        return processes.filter(({ packageRow }) => packageRow === of.row).map((process) => ({ process, owner: NONE }));
      case 'test': {
        const pkg = rowAt(this.#run.tests, of.row)?.package ?? NONE;
        return processes
          .filter(({ packageRow }) => packageRow === pkg)
          .map((process) => ({ process, owner: process.pairs?.ownerOf(of.row) ?? NONE }))
          .filter(({ owner }) => owner !== NONE);
      }
      default:
        return assertNever(of);
    }
  }
}
