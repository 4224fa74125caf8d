import type { OutputAnswer, PatchMessage, RunSummary, TracesMessage } from '@observe/protocol';
import type { OutputOf, PackageReports, Page, TraceAnswer, TraceQuestion } from '@observe/query';

/** What the page asks of traces. */
export type PageQuestion = Exclude<TraceQuestion, { kind: 'tests' | 'printers' | 'describe' }>;

/**
 * How the page hangs on to its source. `no-access`: the collector does not know this browser. `refused`: it will not go on,
 * for instance with a page of another build. `retryAtMs`: on the clock of `performance.now()`.
 */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly retryAtMs: number }
  | { readonly kind: 'no-access' }
  | { readonly kind: 'refused'; readonly message: string };

/** What a source tells without being asked. */
export interface SourceListener {
  connection(connection: Connection): void;
  /** `isAll`: these are all runs there are; else they changed. `gone`: deleted. */
  runs(change: {
    readonly isAll: boolean;
    readonly runs: readonly RunSummary[];
    readonly gone: readonly string[];
  }): void;
  /** One step of the followed run's state: from the empty one when `fromSeq` is 0, else from the one before. */
  patch(message: PatchMessage, bytes: Uint8Array): void;
  /** What traces answer about the followed run has changed. */
  traces(message: TracesMessage): void;
  /** Of opening a large run; `done` of `total` bytes. */
  progress(done: number, total: number): void;
  /** The followed run cannot be shown: there is none of that id, or what there is cannot be read. */
  problem(kind: 'unknown-run' | 'unreadable', message: string): void;
}

/** Where answers come from: a collector over the wire, or a worker over the run inside this page. The page asks both the same. */
export interface RunSource {
  readonly kind: 'live' | 'file';
  /** Begins to tell; returns the way to stop. Once per source. */
  start(listener: SourceListener): () => void;
  /** Tells this run's state from now on, beginning with a checkpoint. Following again asks for a new checkpoint. */
  follow(runId: string): void;
  unfollow(runId: string): void;
  /** Rejects with a sentence for people. */
  output(runId: string, of: OutputOf, page: Page, signal?: AbortSignal): Promise<OutputAnswer>;
  reports(runId: string, packageRow: number, packageName: string, signal?: AbortSignal): Promise<PackageReports>;
  /** What execution traces tell. */
  traces<Q extends PageQuestion>(runId: string, question: Q, signal?: AbortSignal): Promise<TraceAnswer<Q>>;
}
