import type { OutputAnswer } from '@observe/protocol';
import {
  SNAPSHOT_CHUNK_ATTRIBUTE,
  SNAPSHOT_MANIFEST_ID,
  readSnapshotManifest,
  type PackageReports,
  type TraceAnswer,
  type SnapshotManifest,
} from '@observe/query';
import type { FromWorker, SnapshotAnswer, ToWorker } from '../workers/snapshot-messages.ts';
import type { PageQuestion, RunSource, SourceListener } from './source.ts';

/** The run that lies in this document; a fault where there is none that can be read. */
export const findSnapshot = (within: Document): ReturnType<typeof readSnapshotManifest> =>
  readSnapshotManifest(within.getElementById(SNAPSHOT_MANIFEST_ID)?.textContent ?? undefined);

/** The pieces of the log, taken out of the document: they would only lie in memory twice. */
export function takeChunks(within: Document): string[] {
  const elements = [...within.querySelectorAll(`script[${SNAPSHOT_CHUNK_ATTRIBUTE}]`)];
  return elements.map((element) => {
    const text = element.textContent ?? '';
    element.remove();
    return text;
  });
}

interface Asked {
  resolve(answer: SnapshotAnswer): void;
  reject(error: Error): void;
}

/** A run inside the page: a worker folds its log and answers what the collector answers live. Nothing is fetched. */
export function createFileSource(manifest: SnapshotManifest, chunks: readonly string[], worker: Worker): RunSource {
  const asked = new Map<number, Asked>();
  let lastId = 0;
  const send = (message: ToWorker): void => worker.postMessage(message);

  const ask = <T extends SnapshotAnswer>(
    message: (id: number) => ToWorker,
    signal: AbortSignal | undefined,
  ): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = ++lastId;
      asked.set(id, { resolve: (answer) => resolve(answer as T), reject });
      signal?.addEventListener('abort', () => {
        asked.delete(id);
        reject(new DOMException('no longer wanted', 'AbortError'));
      });
      send(message(id));
    });

  const read = (listener: SourceListener, message: FromWorker): void => {
    switch (message.type) {
      case 'progress':
        listener.progress(message.done, message.total);
        break;
      case 'patch':
        listener.patch(message.message, message.bytes);
        break;
      case 'traces':
        listener.traces({ type: 'traces', runId: manifest.summary.id, version: message.version, tipNs: message.tipNs });
        break;
      case 'unreadable':
        listener.problem('unreadable', message.message);
        break;
      case 'answer':
        asked.get(message.id)?.resolve(message.answer);
        asked.delete(message.id);
        break;
      case 'failed':
        asked.get(message.id)?.reject(new Error(message.message));
        asked.delete(message.id);
        break;
    }
  };

  return {
    kind: 'file',
    start(listener) {
      const onMessage = (event: MessageEvent<FromWorker>): void => read(listener, event.data);
      worker.addEventListener('message', onMessage);
      listener.connection({ kind: 'open' });
      listener.runs({ isAll: true, runs: [manifest.summary], gone: [] });
      return () => {
        worker.removeEventListener('message', onMessage);
        worker.terminate();
      };
    },
    follow: () => send({ type: 'open', manifest, chunks }),
    unfollow: () => undefined,
    output: (_runId, of, page, signal) => ask<OutputAnswer>((id) => ({ type: 'output', id, of, page }), signal),
    reports: (_runId, packageRow, _name, signal) =>
      ask<PackageReports>((id) => ({ type: 'reports', id, packageRow }), signal),
    traces: <Q extends PageQuestion>(_runId: string, question: Q, signal?: AbortSignal) =>
      ask<TraceAnswer<Q>>((id) => ({ type: 'traces', id, question }), signal),
  };
}
