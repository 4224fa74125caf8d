import { createOutputReader, readReports, type OutputReader, type SnapshotManifest } from '@observe/query';
import { createRecordReader, emptyRun, encodePatch, reduceRun, type RunState } from '@observe/run';
import { fromBase64, PackedLog } from '../source/packed-log.ts';
import type { FromWorker, ToWorker } from './snapshot-messages.ts';

type Post = (message: FromWorker) => void;

/**
 * What a collector is to a live page, this is to a snapshot: it folds the log and answers questions about it, with the same
 * code. `post` goes to the page. The platform's door is snapshot.worker.ts.
 */
export function createSnapshotRun(post: Post): { handle(message: ToWorker): Promise<void> } {
  let opened: { readonly state: RunState; readonly log: PackedLog; readonly reader: OutputReader } | undefined;
  /** Questions wait for the run to be there. */
  let opening: Promise<void> = Promise.resolve();

  async function open(manifest: SnapshotManifest, chunks: readonly string[]): Promise<void> {
    const log = new PackedLog(manifest, chunks.map(fromBase64));
    const records = createRecordReader();
    let state = emptyRun();
    try {
      for await (const { records: some, done, total } of log.scan()) {
        for (const record of some) state = reduceRun(state, records.read(record));
        post({ type: 'progress', done, total });
      }
    } catch (error) {
      // What lies before the damage is shown, and the damage is told.
      post({ type: 'unreadable', message: `The run in this page is damaged: ${wordsOf(error)}.` });
      if (state.seq === 0) return;
    }
    opened = { state, log, reader: createOutputReader(log) };
    const { summary } = manifest;
    const message = {
      type: 'patch',
      runId: summary.id,
      fromSeq: 0,
      seq: state.seq,
      nowNs: null,
      isLive: false,
      summary,
    } as const;
    post({ type: 'patch', message, bytes: encodePatch(emptyRun(), state) });
  }

  return {
    async handle(message) {
      if (message.type === 'open') {
        opening = open(message.manifest, message.chunks);
        await opening;
        return;
      }
      await opening;
      const { id } = message;
      try {
        if (opened === undefined) throw new Error('there is no run to read');
        const { state, log, reader } = opened;
        const answer =
          message.type === 'output'
            ? await reader.read(state, message.of, message.page)
            : await readReports(state, log, message.packageRow);
        if (answer === undefined) throw new Error('there is no such package');
        post({ type: 'answer', id, answer });
      } catch (error) {
        post({ type: 'failed', id, message: wordsOf(error) });
      }
    },
  };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
