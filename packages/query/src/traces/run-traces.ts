import { SCHEMA } from '@observe/protocol';
import { emptyRun, type RunState } from '@observe/run';
import type { TraceAnswer, TraceQuestion } from './questions.ts';

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
}

export function createRunTraces(): RunTraces {
  let run: RunState = emptyRun();
  return {
    setRun: (next) => (run = next),
    push: () => undefined,
    end: () => undefined,
    version: 0,
    tipNs: null,
    ask: <Q extends TraceQuestion>() =>
      ({ schema: SCHEMA, version: run.seq, processes: [] }) as unknown as TraceAnswer<Q>,
  };
}
