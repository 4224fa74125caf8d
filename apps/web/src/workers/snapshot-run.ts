import { assertNever } from '@observe/base';
import {
  Attributions,
  createOutputReader,
  createRunTraces,
  readReports,
  type OutputReader,
  type PrinterSource,
  type RunTraces,
  type SnapshotManifest,
} from '@observe/query';
import { createRecordReader, emptyRun, encodePatch, reduceRun, type RunState } from '@observe/run';
import { fromBase64, inflate, PackedLog } from '../source/packed-log.ts';
import type { FromWorker, SnapshotAnswer, ToWorker } from './snapshot-messages.ts';

type Post = (message: FromWorker) => void;

interface OpenedRun {
  readonly state: RunState;
  readonly log: PackedLog;
  readonly reader: OutputReader;
  readonly attributions: Attributions;
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
    const { log, artifacts } = unpackable(manifest, chunks);
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
    opened = { state, log, reader: createOutputReader(log), attributions: new Attributions(), traces };
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
    await readTraces(traces, artifacts, post);
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

/** A piece of an artifact, packed; `bytes`: inflated. */
interface PackedPiece {
  readonly artifact: string;
  readonly bytes: number;
  readonly packed: Uint8Array<ArrayBuffer>;
}

function unpackable(
  { chunks }: SnapshotManifest,
  texts: readonly string[],
): { readonly log: PackedLog; readonly artifacts: readonly PackedPiece[] } {
  const sizes: number[] = [];
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const artifacts: PackedPiece[] = [];
  chunks.forEach(({ artifact, bytes }, i) => {
    const packed = fromBase64(texts[i] ?? '');
    if (artifact !== undefined) return void artifacts.push({ artifact, bytes, packed });
    sizes.push(bytes);
    pieces.push(packed);
  });
  return { log: new PackedLog(sizes, pieces), artifacts };
}

/** The traces in the page. One that is damaged is told by its faults, as far as it can be unpacked. */
async function readTraces(traces: RunTraces, pieces: readonly PackedPiece[], post: Post): Promise<void> {
  if (pieces.length === 0) return;
  const broken = new Set<string>();
  for (const { artifact, bytes, packed } of pieces) {
    if (broken.has(artifact)) continue;
    try {
      traces.push(artifact, await inflate(packed, bytes));
    } catch {
      broken.add(artifact);
    }
  }
  for (const artifact of new Set(pieces.map((piece) => piece.artifact))) traces.end(artifact);
  post({ type: 'traces', version: traces.version, tipNs: traces.tipNs });
}

async function answerOf(
  message: Exclude<ToWorker, { type: 'open' }>,
  { state, log, reader, attributions, traces }: OpenedRun,
): Promise<SnapshotAnswer | undefined> {
  switch (message.type) {
    case 'output': {
      const printers: PrinterSource['printers'] = (question) => Promise.resolve(traces.ask(question));
      const source = { log, version: traces.version, printers };
      const attribution = await attributions.of(state, message.of, source, performance.now());
      return reader.read(state, message.of, message.page, attribution);
    }
    case 'reports':
      return readReports(state, log, message.packageRow);
    case 'traces':
      return traces.ask(message.question);
    default:
      return assertNever(message);
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
