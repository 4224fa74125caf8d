import type { TraceAnswer, TraceQuestion } from '@observe/query';

/*
 * Between the collector and the thread that reads traces. Both are of one build, so nothing is checked. Bytes are transferred, not
 * copied; the collector sends no more before it was told that they are read.
 */

export type ToTraces =
  /** The run's state: a patch from the last one sent, or a checkpoint. */
  | { readonly type: 'run'; readonly run: string; readonly patch: Uint8Array; readonly isCheckpoint: boolean }
  | { readonly type: 'bytes'; readonly run: string; readonly artifact: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly run: string; readonly artifact: string }
  | { readonly type: 'drop'; readonly run: string }
  | { readonly type: 'ask'; readonly id: number; readonly run: string; readonly question: TraceQuestion };

export type FromTraces =
  /** The oldest piece that was not read yet is read now. */
  | { readonly type: 'took'; readonly run: string }
  | { readonly type: 'changed'; readonly run: string; readonly version: number; readonly tipNs: number | null }
  | { readonly type: 'answer'; readonly id: number; readonly answer: TraceAnswer<TraceQuestion> }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

/** One end of the line between the two: a worker thread, or a channel within one. */
export interface TracePort<In, Out> {
  postMessage(message: Out, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: In) => void): void;
  /** The other end is gone by a fault. */
  onError(listener: (error: Error) => void): void;
  /** Ends the thread. */
  close(): void;
}
