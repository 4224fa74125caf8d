import { spanOf, type ArtifactFacts, type HostFacts, type RunSummary } from '@observe/protocol';
import { summaryOf, type RunState } from '@observe/run';
import {
  artifactIdOf,
  lastLineOf,
  NO_PAYLOAD,
  skipLines,
  splitFrame,
  StoreError,
  withSeq,
  type Frame,
  type RawRecord,
  type RunStore,
  type RunWriter,
} from '@observe/store';
import { RunFold } from './run-fold.ts';
import { VERSION } from './version.ts';

/** Records are cut at newlines to this size: a fold of one is some milliseconds, and a read by range loads little. */
const RECORD_BYTES = 512 * 1024;
/** A write without an answer is tried so often. */
const WRITE_TRIES = 3;
/** Names the lines that the collector itself adds to a log. */
const OWN_PRODUCER = 'collector';

/** What a producer's connection is told. */
export interface ProducerSession {
  /** Everything up to and with this line is durable. */
  durable(line: number): void;
  /** An append failed. What was not durable is forgotten and has to be sent again. */
  fault(error: unknown): void;
  /** The same producer has come a second time: this connection is a dead one. */
  replaced(): void;
}

type OwnRecord =
  | { readonly kind: 'end'; readonly reason: 'lost' }
  | { readonly kind: 'host'; readonly facts: HostFacts }
  | { readonly kind: 'artifact'; readonly artifact: ArtifactFacts };

interface LiveRunParts {
  readonly id: string;
  readonly writer: RunWriter;
  readonly fold: RunFold;
  readonly wall: string;
  readonly artifacts: Map<string, number>;
  readonly onChange: () => void;
}

/** The producer's idea of now, told by its latest lines. */
interface ProducerClock {
  readonly producer: string;
  /** Its monotonic clock less ours; the largest seen is the one with the least delay. */
  readonly offsetNs: number;
}

/**
 * A run that this collector writes: gives each line its seq, appends, then folds what is durable. So the state is never ahead of
 * the log, and a disk that fills up costs nothing but time.
 */
export class LiveRun {
  readonly id: string;
  readonly #writer: RunWriter;
  readonly #fold: RunFold;
  readonly #wall: string;
  readonly #onChange: () => void;
  readonly #taken = new Map<string, number>();
  readonly #sessions = new Map<string, ProducerSession>();
  #queue: RawRecord[] = [];
  #queuedBytes = 0;
  #nextSeq: number;
  #writing: Promise<void> | undefined;
  #clock: ProducerClock | undefined;
  #putSeq = -1;
  /** Bytes of each artifact that are durable. */
  readonly #artifacts: Map<string, number>;
  /** The last piece that is on its way to the store: one after the other. */
  #chunks: Promise<unknown> = Promise.resolve();
  #chunkBytes = 0;

  /**
   * Claims the run and folds what its log holds. `onChange`: the state or what is known of its producers has changed.
   * StoreErrors: see RunStore.claim.
   */
  static async open(store: RunStore, id: string, onChange: () => void): Promise<LiveRun> {
    const writer = await store.claim(id, 'collector');
    try {
      const fold = new RunFold((from, to) => store.read(id, from, to), onChange);
      for await (const record of store.read(id, 1, Infinity)) {
        fold.push(record);
        await fold.below(4 * RECORD_BYTES);
      }
      await fold.settled();
      const wall = (await store.summary(id))?.startedAt ?? new Date().toISOString();
      return new LiveRun({ id, writer, fold, wall, artifacts: new Map(await store.artifactSizes(id)), onChange });
    } catch (error) {
      await writer.release();
      throw error;
    }
  }

  private constructor({ id, writer, fold, wall, artifacts, onChange }: LiveRunParts) {
    this.id = id;
    this.#onChange = onChange;
    this.#writer = writer;
    this.#fold = fold;
    this.#wall = wall;
    this.#nextSeq = writer.head + 1;
    this.#artifacts = artifacts;
  }

  /** For those who want to read on after the close. */
  get fold(): RunFold {
    return this.#fold;
  }

  get state(): RunState {
    return this.#fold.state;
  }

  get summary(): RunSummary {
    return summaryOf(this.state, { id: this.id, bytes: this.#writer.bytes, wall: this.#wall });
  }

  get hasEnded(): boolean {
    return this.state.end !== undefined;
  }

  /** ns since the run's first event; null when it has ended, or nothing tells. */
  get nowNs(): number | null {
    const { originMonoNs, lastNs, end } = this.state;
    if (originMonoNs === undefined || this.#clock === undefined || end !== undefined) return null;
    return Math.max(lastNs ?? 0, monoNowNs() + this.#clock.offsetNs - originMonoNs);
  }

  /** Bytes that are not written yet. */
  get pendingBytes(): number {
    return this.#queuedBytes + this.#chunkBytes;
  }

  /** Bytes of each artifact that are durable. */
  get artifacts(): ReadonlyMap<string, number> {
    return this.#artifacts;
  }

  /** Last durable line of this producer. */
  have(producer: string): number {
    return this.#writer.have(producer);
  }

  /** Whether a producer is connected. */
  get hasProducer(): boolean {
    return this.#sessions.size > 0;
  }

  /** From now on this session is told about its producer's lines. Returns the way to leave. */
  join(producer: string, session: ProducerSession): () => void {
    this.#sessions.get(producer)?.replaced();
    this.#sessions.set(producer, session);
    return () => {
      if (this.#sessions.get(producer) === session) this.#sessions.delete(producer);
    };
  }

  /** Takes what of the frame is new. `gap`: lines before it are missing. `known`: all of it was there; it is acknowledged again. */
  take(producer: string, frame: Frame): 'taken' | 'known' | 'gap' {
    const taken = Math.max(this.#taken.get(producer) ?? 0, this.have(producer));
    if (frame.header.line > taken + 1) return 'gap';
    this.#readClock(producer, frame.header.monoNs);
    const rest = skipLines(frame, taken);
    if (rest === undefined) {
      this.#sessions.get(producer)?.durable(this.have(producer));
      return 'known';
    }
    for (const { header, payload } of splitFrame(rest, RECORD_BYTES)) {
      this.#queue.push({ header: withSeq(header, this.#nextSeq, producer), payload });
      this.#queuedBytes += payload.byteLength;
      this.#nextSeq += spanOf(header);
    }
    this.#taken.set(producer, lastLineOf(rest.header));
    this.#writing ??= this.#write();
    return 'taken';
  }

  /** Adds a piece to an artifact; resolves to the bytes of it that are durable. Rejects with what the store throws. */
  async takeChunk(artifact: string, offset: number, bytes: Uint8Array): Promise<number> {
    this.#chunkBytes += bytes.byteLength;
    const put = this.#chunks.then(() => again(() => this.#writer.putChunk(artifact, offset, bytes)));
    this.#chunks = put.catch(() => undefined);
    try {
      const durable = await put;
      this.#artifacts.set(artifact, durable);
      this.#onChange();
      return durable;
    } finally {
      this.#chunkBytes -= bytes.byteLength;
    }
  }

  /** Keeps what somebody handed in beside the run. Rejects with what the store throws, and then it is not part of the run. */
  async addArtifact(
    facts: Pick<ArtifactFacts, 'name' | 'format' | 'label' | 'package'>,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<ArtifactFacts> {
    const isTaken = (id: string): boolean =>
      this.#artifacts.has(id) || this.state.artifacts.some((artifact) => artifact.id === id);
    const id = artifactIdOf(facts.name, isTaken);
    this.#artifacts.set(id, 0);
    let at = 0;
    for await (const piece of bytes) at = await this.takeChunk(id, at, piece);
    const artifact: ArtifactFacts = { id, ...facts, state: 'whole', bytes: at };
    this.#takeOwn({ kind: 'artifact', artifact });
    await this.settled();
    return artifact;
  }

  /** Closes the run for a producer that is gone. False when that could not be written. */
  async endAsLost(): Promise<boolean> {
    this.#takeOwn({ kind: 'end', reason: 'lost' });
    await this.settled();
    return this.hasEnded;
  }

  /** Gives the run another name. False when that could not be written. */
  async rename(name: string): Promise<boolean> {
    const { host, end } = this.state;
    const facts = { observeVersion: VERSION, wall: this.#wall, ...host, name };
    this.#takeOwn({ kind: 'host', facts });
    // Whatever comes after a lost end reopens the run; a name does not.
    if (end?.reason === 'lost') this.#takeOwn({ kind: 'end', reason: 'lost' });
    await this.settled();
    return this.state.host?.name === name;
  }

  /** Resolves when all that was taken is durable and folded, or has failed. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#chunks;
    await this.#fold.settled();
  }

  /** Writes run.json, if it would say something new. */
  async putSummary(): Promise<void> {
    const { seq } = this.state;
    if (seq === this.#putSeq) return;
    await this.#writer.putSummary(this.summary);
    this.#putSeq = seq;
  }

  /** Forces what is durable to disk. */
  sync(): Promise<void> {
    return this.#writer.sync();
  }

  /** Everything durable, run.json right, the claim given back. Throws what the store throws; the claim is given back all the same. */
  async close(): Promise<void> {
    try {
      await this.settled();
      await this.putSummary();
    } finally {
      await this.#writer.release();
    }
  }

  /** Takes a record of the collector itself. */
  #takeOwn(record: OwnRecord): void {
    const line = Math.max(this.#taken.get(OWN_PRODUCER) ?? 0, this.have(OWN_PRODUCER)) + 1;
    const monoNs = this.state.lastMonoNs ?? 0;
    this.take(OWN_PRODUCER, { header: { ...record, line, monoNs }, payload: NO_PAYLOAD });
  }

  async #write(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const records = this.#queue;
        this.#queue = [];
        await again(() => this.#writer.append(records));
        const lines = new Map<string, number>();
        for (const record of records) {
          this.#queuedBytes -= record.payload.byteLength;
          this.#fold.push(record);
          lines.set(record.header.producer, lastLineOf(record.header));
        }
        for (const [producer, line] of lines) this.#sessions.get(producer)?.durable(line);
      }
    } catch (error) {
      this.#queue = [];
      this.#queuedBytes = 0;
      this.#taken.clear();
      this.#nextSeq = this.#writer.head + 1;
      for (const session of [...this.#sessions.values()]) session.fault(error);
    } finally {
      this.#writing = undefined;
    }
  }

  #readClock(producer: string, monoNs: number): void {
    if (producer === OWN_PRODUCER) return;
    const offsetNs = monoNs - monoNowNs();
    if (this.#clock?.producer === producer && this.#clock.offsetNs >= offsetNs) return;
    this.#clock = { producer, offsetNs };
  }
}

/** A write whose answer was lost may be repeated. */
async function again<T>(write: () => Promise<T>): Promise<T> {
  for (let left = WRITE_TRIES; ; left--) {
    try {
      return await write();
    } catch (error) {
      if (left <= 1 || !(error instanceof StoreError) || error.code !== 'unsure') throw error;
    }
  }
}

const monoNowNs = (): number => performance.now() * 1e6;
