import { assertNever } from '@observe/base';
import {
  createOutputReader,
  createRunTraces,
  readReports,
  type OutputReader,
  type RunTraces,
  type SnapshotManifest,
} from '@observe/query';
import { createRecordReader, emptyRun, encodePatch, reduceRun, type RunState } from '@observe/run';
import { fromBase64, PackedLog } from '../source/packed-log.ts';
import type { FromWorker, SnapshotAnswer, ToWorker } from './snapshot-messages.ts';

type Post = (message: FromWorker) => void;

interface OpenedRun {
  readonly state: RunState;
  readonly log: PackedLog;
  readonly reader: OutputReader;
  readonly traces: RunTraces;
}

/**
 * What a collector is to a live page, this is to a snapshot: it folds the log and answers questions about it, with the same
 * code. `post` goes to the page. The platform's door is snapshot.worker.ts.
 */
export function createSnapshotRun(post: Post): { handle(message: ToWorker): Promise<void> } {
  let opened: OpenedRun | undefined;
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
    const traces = createRunTraces();
    traces.setRun(state);
    opened = { state, log, reader: createOutputReader(log), traces };
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
        const answer = await answerOf(message, opened);
        if (answer === undefined) throw new Error('there is no such package');
        post({ type: 'answer', id, answer });
      } catch (error) {
        post({ type: 'failed', id, message: wordsOf(error) });
      }
    },
  };
}

function answerOf(
  message: Exclude<ToWorker, { type: 'open' }>,
  { state, log, reader, traces }: OpenedRun,
): Promise<SnapshotAnswer | undefined> | SnapshotAnswer {
  switch (message.type) {
    case 'output':
      return reader.read(state, message.of, message.page);
    case 'reports':
      return readReports(state, log, message.packageRow);
    case 'traces':
      return traces.ask(message.question);
    default:
      return assertNever(message);
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
