import type { PatchMessage, RunSummary } from '@observe/protocol';
import { applyPatch, emptyRun, type RunState } from '@observe/run';
import type { RunSource } from '../source/source.ts';
import { track } from './idle.ts';
import { createInbox, onNextFrame, type Inbox } from './inbox.ts';
import { NO_CLOCK, NO_TRACES, nowNsOf, useRunStore, type RunClock, type RunStore } from './run-store.ts';

interface Patch {
  readonly message: PatchMessage;
  readonly bytes: Uint8Array;
}

/** What ties a source to the run store: one fold and one `setState` a frame, however much comes. */
export interface Feed {
  /** Shows this run, or with undefined none. */
  show(runId: string | undefined): void;
  readonly inbox: Pick<Inbox<unknown>, 'isEmpty'>;
  stop(): void;
}

export function startFeed(source: RunSource): Feed {
  const { getState, setState } = useRunStore;
  const inbox = createInbox<Patch>(onNextFrame, (patches) => fold(patches));

  function fold(patches: readonly Patch[]): void {
    const { runId, run: before } = getState();
    const mine = patches.filter(({ message }) => message.runId === runId);
    const last = mine.at(-1)?.message;
    if (runId === undefined || last === undefined) return;
    const run = foldPatches(before, mine);
    if (run === undefined) {
      source.follow(runId); // a step is missing: ask for a checkpoint
      return;
    }
    setState({
      run,
      summary: last.summary,
      isLive: last.isLive,
      clock: clockAfter(last, run, performance.now()),
      progress: undefined,
      problem: undefined,
    });
  }

  const stop = source.start({
    connection(connection) {
      const state = getState();
      const isTicking = connection.kind === 'open' && state.clock.isTicking;
      const nowMs = performance.now();
      setState({
        connection,
        clock: { nowNs: nowNsOf(state, nowMs), atMs: nowMs, isTicking },
        // Another collector counts versions anew, and what could not be asked of the one before is asked now.
        ...(connection.kind === 'open' ? { traces: NO_TRACES } : {}),
      });
    },
    runs({ isAll, runs, gone }) {
      const state = getState();
      const known = isAll ? [] : (state.runs ?? []);
      setState({ runs: mergeRuns(known, runs, gone) });
      const { runId } = state;
      if (runId !== undefined && gone.includes(runId)) {
        setState({ problem: { kind: 'deleted', message: 'This run has been deleted.' }, isLive: false });
      }
    },
    patch: (message, bytes) => inbox.push({ message, bytes }),
    traces({ runId, version, tipNs }) {
      if (runId === getState().runId) setState({ traces: { version, tipNs } });
    },
    progress: (done, total) => setState({ progress: { done, total } }),
    problem: (kind, message) => setState({ problem: { kind, message } }),
  });

  void track(until((state) => state.runs !== undefined));
  return {
    show(runId) {
      const before = getState().runId;
      if (before === runId) return;
      if (before !== undefined) source.unfollow(before);
      setState({
        runId,
        run: undefined,
        summary: undefined,
        isLive: false,
        clock: NO_CLOCK,
        progress: undefined,
        problem: undefined,
        traces: NO_TRACES,
      });
      if (runId === undefined) return;
      source.follow(runId);
      void track(until((state) => state.runId !== runId || state.run !== undefined || state.problem !== undefined));
    },
    inbox,
    stop() {
      stop();
      inbox.stop();
    },
  };
}

/** Undefined when a patch does not fit the state before it. */
export function foldPatches(before: RunState | undefined, patches: readonly Patch[]): RunState | undefined {
  let run: RunState | undefined = before ?? emptyRun();
  for (const { message, bytes } of patches) {
    if (message.fromSeq === 0) run = applyPatch(emptyRun(), bytes);
    else run = run === undefined ? undefined : applyPatch(run, bytes);
  }
  return run;
}

function clockAfter(message: PatchMessage, run: RunState, atMs: number): RunClock {
  const lastNs = run.lastNs ?? 0;
  if (message.nowNs === null) return { nowNs: lastNs, atMs, isTicking: false };
  return { nowNs: Math.max(message.nowNs, lastNs), atMs, isTicking: message.isLive };
}

/** Live first, then the newest. */
export function mergeRuns(
  known: readonly RunSummary[],
  changed: readonly RunSummary[],
  gone: readonly string[],
): RunSummary[] {
  const byId = new Map(known.map((run) => [run.id, run]));
  for (const run of changed) byId.set(run.id, run);
  for (const id of gone) byId.delete(id);
  const isLive = (run: RunSummary): number => (run.verdict === 'running' ? 1 : 0);
  return [...byId.values()].sort(
    (a, b) => isLive(b) - isLive(a) || Date.parse(b.startedAt) - Date.parse(a.startedAt) || (a.id < b.id ? 1 : -1),
  );
}

/** Settles when a state is as wanted; at once when it is, or when the source will have nothing to do with this page. */
const until = (isSo: (state: RunStore) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const isDone = (state: RunStore): boolean =>
      isSo(state) || state.connection.kind === 'no-access' || state.connection.kind === 'refused';
    if (isDone(useRunStore.getState())) return resolve();
    const stop = useRunStore.subscribe((state) => {
      if (!isDone(state)) return;
      stop();
      resolve();
    });
  });
