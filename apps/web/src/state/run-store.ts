import type { RunSummary } from '@observe/protocol';
import type { RunState } from '@observe/run';
import { create } from 'zustand';
import type { Connection } from '../source/source.ts';

/** Why the chosen run cannot be shown. */
export interface Problem {
  readonly kind: 'unknown-run' | 'deleted' | 'unreadable';
  readonly message: string;
}

/** The run's own time: `nowNs` was right at `atMs` of `performance.now()`; it goes on while `isTicking`. */
export interface RunClock {
  readonly nowNs: number;
  readonly atMs: number;
  readonly isTicking: boolean;
}

export interface RunStore {
  readonly connection: Connection;
  /** Live first, then the newest; undefined until the source has told. */
  readonly runs: readonly RunSummary[] | undefined;
  /** The run that the page shows; undefined on the run list. */
  readonly runId: string | undefined;
  readonly run: RunState | undefined;
  readonly summary: RunSummary | undefined;
  readonly isLive: boolean;
  readonly clock: RunClock;
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  readonly problem: Problem | undefined;
  readonly traces: TracesTold;
}

/** What is known of the run's execution traces without asking: `version` grows with each change of what they answer; 0: there are none yet. */
export interface TracesTold {
  readonly version: number;
  /** How far they reach, in run time; null before the first generation. */
  readonly tipNs: number | null;
}

export const NO_TRACES: TracesTold = { version: 0, tipNs: null };
export const NO_CLOCK: RunClock = { nowNs: 0, atMs: 0, isTicking: false };

/** Facts: what the source said. Written by the feed (feed.ts) alone. */
export const useRunStore = create<RunStore>(() => ({
  connection: { kind: 'connecting' },
  runs: undefined,
  runId: undefined,
  run: undefined,
  summary: undefined,
  isLive: false,
  clock: NO_CLOCK,
  progress: undefined,
  problem: undefined,
  traces: NO_TRACES,
}));

/** ns since the run's first event, now; of a run that has ended: its last event. */
export const nowNsOf = ({ clock }: Pick<RunStore, 'clock'>, nowMs: number): number =>
  clock.isTicking ? clock.nowNs + (nowMs - clock.atMs) * 1e6 : clock.nowNs;

export const nowNs = (): number => nowNsOf(useRunStore.getState(), performance.now());
