import type { RunSummary } from '@observe/protocol';
import { createRunTraces, type LogSource, type RunTraces } from '@observe/query';
import { createRecordFold, emptyRun, summaryOf, type RunState } from '@observe/run';
import {
  decodeUtf8,
  lastSeqOf,
  snapshotTraces,
  type FileStore,
  type RawRecord,
  type SnapshotArtifact,
} from '@observe/store';

/** A run of the file store, folded as far as its log goes; whoever writes it. */
export interface FoldedRun {
  readonly id: string;
  readonly state: RunState;
  readonly summary: RunSummary;
  readonly log: LogSource;
  /** The log as it lies in the store, as far as it is folded. */
  records(): AsyncIterable<RawRecord>;
  /** Its execution traces, read as far as they lie in the store. */
  traces(): Promise<RunTraces>;
  /** The same, as they go into a snapshot. */
  traceFiles(): Promise<readonly SnapshotArtifact[]>;
  /** Folds what has been appended since. */
  catchUp(): Promise<void>;
}

export async function foldRun(store: FileStore, id: string): Promise<FoldedRun> {
  const stored = await store.summary(id);
  const known = { id, bytes: stored?.bytes ?? 0, wall: stored?.startedAt ?? new Date(0).toISOString() };
  const fold = createRecordFold(decodeUtf8);
  let state = emptyRun();
  let head = 0;
  const run: FoldedRun = {
    id,
    get state() {
      return state;
    },
    get summary() {
      return summaryOf(state, known);
    },
    log: { read: (from, to) => store.readText(id, from, to) },
    records: () => store.read(id, 1, head + 1),
    async traces() {
      const traces = createRunTraces();
      traces.setRun(state);
      for (const { id: artifact, format } of state.artifacts) {
        if (format !== 'trace') continue;
        for await (const piece of store.readArtifact(id, artifact, 0, Infinity)) traces.push(artifact, piece);
        traces.end(artifact);
      }
      return traces;
    },
    traceFiles: () => snapshotTraces(store, id, state.artifacts),
    async catchUp() {
      for await (const record of store.read(id, head + 1, Infinity)) {
        state = fold(state, [record]);
        head = lastSeqOf(record.header);
      }
    },
  };
  await run.catchUp();
  return run;
}
