import type { Report } from '@observe/gostack';
import type { OwnerPairs, ProcessTrace, RunState, TraceAlignment } from '@observe/run';

/** A traced process of the run. */
export interface TracedProcess {
  /** The trace's artifact. */
  readonly process: string;
  readonly trace: ProcessTrace;
  /** Brought up to date with the run and the trace. */
  readonly pairs: OwnerPairs;
  readonly alignment: TraceAlignment;
  /** Row of its package in the run. */
  readonly package: number;
}

/** What can be known of a run. All of it is said as of one moment. */
export interface Facts {
  readonly run: RunState;
  /** Processes whose package is known. */
  readonly traces: readonly TracedProcess[];
  /** By row of the package: panics, dumps and races in the text of its process. A package without such text has none. */
  readonly reports: ReadonlyMap<number, Report>;
  /** Now, on the run's clock, in ns; for a run that still goes on. */
  readonly nowNs: number;
}

export type FactName = keyof Facts;

/** What a caller may lack. */
export type KnownFacts = Pick<Facts, 'run'> & { readonly [K in Exclude<FactName, 'run'>]?: Facts[K] | undefined };

/** There are facts of that name to judge; no trace is as good as none given. */
export function hasFact(facts: KnownFacts, name: FactName): boolean {
  return name === 'traces' ? (facts.traces?.length ?? 0) > 0 : facts[name] !== undefined;
}
