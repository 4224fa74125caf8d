import { FORMAT, type RunSummary } from '@observe/protocol';
import { StoreError } from './errors.ts';
import { LogIndex } from './log-index.ts';
import { decodeRecord, encodeRecord, lastSeqOf, type RawRecord } from './raw-record.ts';
import type { RunStore, RunWriter } from './run-store.ts';

/** How the imagined network behaves. By default: at once, each message once, no answer lost, 1 MB a message. */
export interface MemoryStoreOptions {
  readonly latency?: () => Promise<void>;
  /** Whether the next message is delivered twice. */
  readonly isRedelivered?: () => boolean;
  /** Whether the answer to the next append is lost, although it happened (`unsure`). */
  readonly isAnswerLost?: () => boolean;
  readonly messageBytes?: number;
}

export interface MemoryStore {
  readonly store: RunStore;
  /** Takes the run's writer for dead, without its knowing. */
  readonly kill: (runId: string) => Promise<void>;
}

/**
 * A store as a distributed log would be: messages of bounded size, some delivered twice, answers that come late or never, nothing
 * that can be cut off again. For tests: what passes on it does not lean on files.
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const {
    latency = () => Promise.resolve(),
    isRedelivered = () => false,
    isAnswerLost = () => false,
    messageBytes = 1_000_000,
  } = options;
  const runs = new Map<string, MessageLog>();
  const writers = new Set<RunWriter>();

  const publish = async (log: MessageLog, message: Message): Promise<void> => {
    await latency();
    log.take(message);
    if (isRedelivered()) log.take(message);
  };

  const store: RunStore = {
    async list() {
      await latency();
      return [...runs].map(([id, log]) => ({ id, summary: log.summary, isNewer: (log.summary?.format ?? 0) > FORMAT }));
    },

    async summary(runId) {
      await latency();
      return runs.get(runId)?.summary;
    },

    async *read(runId, fromSeq, toSeq) {
      await latency();
      if (toSeq <= fromSeq) return;
      for (const record of runs.get(runId)?.records() ?? []) {
        if (record.header.seq < toSeq && lastSeqOf(record.header) >= fromSeq) yield record;
      }
    },

    async claim(runId, owner) {
      await latency();
      const log = runs.get(runId) ?? new MessageLog();
      runs.set(runId, log);
      if (log.owner !== undefined)
        throw new StoreError(
          'held',
          runId,
          `${runId} is being written by ${log.owner}; wait for it to end, or stop it`,
        );
      log.owner = owner;
      log.fence++;
      const writer = memoryWriter({
        runId,
        log,
        publish: (message) => publish(log, message),
        latency,
        isAnswerLost,
        messageBytes,
      });
      writers.add(writer);
      return writer;
    },

    async artifactSizes(runId) {
      await latency();
      return new Map([...(runs.get(runId)?.artifacts ?? [])].map(([id, bytes]) => [id, bytes.byteLength]));
    },

    async *readArtifact(runId, artifact, from, to) {
      await latency();
      const bytes = runs.get(runId)?.artifacts.get(artifact)?.subarray(from, to) ?? Buffer.alloc(0);
      for (let at = 0; at < bytes.length; at += messageBytes)
        yield new Uint8Array(bytes.subarray(at, at + messageBytes));
    },

    async isHeld(runId) {
      await latency();
      return runs.get(runId)?.owner !== undefined;
    },

    async delete(runId) {
      await latency();
      const log = runs.get(runId);
      if (log?.owner !== undefined)
        throw new StoreError(
          'held',
          runId,
          `${runId} is being written by ${log.owner}; wait for it to end, or stop it`,
        );
      runs.delete(runId);
    },

    async close() {
      await Promise.all([...writers].map((writer) => writer.release()));
    },
  };
  return {
    store,
    async kill(runId) {
      const log = runs.get(runId);
      if (log !== undefined) log.owner = undefined;
    },
  };
}

interface Message {
  readonly fence: number;
  /** How many messages are before it. */
  readonly position: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly bytes: Buffer;
}

/** The server's side of one run. */
class MessageLog {
  fence = 0;
  owner: string | undefined;
  summary: RunSummary | undefined;
  readonly messages: Message[] = [];
  readonly artifacts = new Map<string, Buffer>();

  take(message: Message): void {
    if (message.fence !== this.fence) throw new StoreError('fenced', '', 'taken over by another writer');
    const there = this.messages[message.position];
    if (there === undefined && message.position === this.messages.length) this.messages.push(message);
    else if (there === undefined || there.fence !== message.fence || !there.bytes.equals(message.bytes)) {
      throw new StoreError('conflict', '', `message ${message.position} does not go on after ${this.messages.length}`);
    }
  }

  /** Takes what of the piece is new; the bytes that are there then. */
  takeChunk(fence: number, artifact: string, offset: number, bytes: Uint8Array): number {
    if (fence !== this.fence) throw new StoreError('fenced', '', 'taken over by another writer');
    const known = this.artifacts.get(artifact) ?? Buffer.alloc(0);
    if (offset > known.length) throw new StoreError('conflict', '', `${artifact} ends at byte ${known.length}`);
    const all = Buffer.concat([known, bytes.subarray(Math.min(bytes.byteLength, known.length - offset))]);
    this.artifacts.set(artifact, all);
    return all.length;
  }

  /** A record whose last message never came is passed over. */
  *records(): Generator<RawRecord> {
    let parts: Buffer[] = [];
    for (const { isFirst, isLast, bytes } of this.messages) {
      if (isFirst) parts = [];
      parts.push(bytes);
      const record = isLast ? decodeRecord(Buffer.concat(parts)) : undefined;
      if (record !== undefined) yield record;
    }
  }
}

interface MemoryWriterParts {
  readonly runId: string;
  readonly log: MessageLog;
  readonly publish: (message: Message) => Promise<void>;
  readonly latency: () => Promise<void>;
  readonly isAnswerLost: () => boolean;
  readonly messageBytes: number;
}

function memoryWriter({ runId, log, publish, latency, isAnswerLost, messageBytes }: MemoryWriterParts): RunWriter {
  const { fence } = log;
  const index = new LogIndex();
  for (const { header, payload } of log.records())
    index.add(header, index.end + encodeRecord({ header, payload }).byteLength);
  let position = log.messages.length;
  const check = (): void => {
    if (log.fence !== fence)
      throw new StoreError('fenced', runId, `${runId} was taken over by another writer; this one must not go on`);
  };
  return {
    runId,
    fence,
    get head() {
      return index.head;
    },
    get bytes() {
      return index.end;
    },
    have: (producer) => index.have(producer),
    async append(records) {
      check();
      if (!index.accepts(records, runId)) return;
      let next = position;
      for (const record of records) {
        const bytes = encodeRecord(record);
        for (let at = 0; at < bytes.length; at += messageBytes) {
          const isLast = at + messageBytes >= bytes.length;
          await publish({
            fence,
            position: next++,
            isFirst: at === 0,
            isLast,
            bytes: bytes.subarray(at, at + messageBytes),
          });
        }
      }
      if (isAnswerLost()) throw new StoreError('unsure', runId, `no answer to the append to ${runId}; repeat it`);
      position = next;
      for (const record of records) index.add(record.header, index.end + encodeRecord(record).byteLength);
    },
    async putChunk(artifact, offset, bytes) {
      let there = log.artifacts.get(artifact)?.length ?? 0;
      for (let at = 0; at < bytes.byteLength; at += messageBytes) {
        await latency();
        there = log.takeChunk(fence, artifact, offset + at, bytes.subarray(at, at + messageBytes));
      }
      if (isAnswerLost()) throw new StoreError('unsure', runId, `no answer to the piece of ${artifact}; repeat it`);
      return there;
    },
    async putSummary(summary) {
      await latency();
      check();
      log.summary = summary;
    },
    async sync() {
      await latency();
    },
    async release() {
      await latency();
      if (log.fence === fence) log.owner = undefined;
    },
  };
}
