import type { OutputAnswer, PatchMessage } from '@observe/protocol';
import type { OutputOf, PackageReports, Page, SnapshotManifest, TraceAnswer, TraceQuestion } from '@observe/query';

/** Between the page and the worker that holds its run. Both are of one file, so nothing needs to be checked. */
export type ToWorker =
  | { readonly type: 'open'; readonly manifest: SnapshotManifest; readonly chunks: readonly string[] }
  | { readonly type: 'output'; readonly id: number; readonly of: OutputOf; readonly page: Page }
  | { readonly type: 'reports'; readonly id: number; readonly packageRow: number }
  | { readonly type: 'traces'; readonly id: number; readonly question: TraceQuestion };

export type SnapshotAnswer = OutputAnswer | PackageReports | TraceAnswer<TraceQuestion>;

export type FromWorker =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'patch'; readonly message: PatchMessage; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'traces'; readonly version: number; readonly tipNs: number | null }
  | { readonly type: 'unreadable'; readonly message: string }
  | { readonly type: 'answer'; readonly id: number; readonly answer: SnapshotAnswer }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
