import type { TracesMessage } from '@observe/protocol';
import type { TraceAnswer, TraceQuestion } from '@observe/query';
import { emptyRun, encodePatch, type RunState } from '@observe/run';
import type { Log } from '../log.ts';
import type { Runs, RunView } from '../runs.ts';
import type { FromTraces, ToTraces, TracePort } from './messages.ts';

/** Between two looks at a run that changes. */
const LOOK_MS = 100;
/** Pieces of a run's traces that may wait in the thread. */
const MAX_PENDING = 4;
const PIECE_BYTES = 1024 * 1024;
/** Traces of kept runs stay in memory for those who asked last. */
const MAX_KEPT = 3;

export interface TracesOptions {
  readonly runs: Runs;
  /** Starts the thread. Called at the first trace. */
  readonly connect: () => TracePort<FromTraces, ToTraces>;
  readonly log: Log;
}

/** A run whose traces the thread has. */
interface Entry {
  sent: RunState;
  /** Bytes given of each trace; ended ones stay. */
  readonly given: Map<string, { bytes: number; hasEnded: boolean }>;
  pending: number;
  onTook: () => void;
  /** The feeding that goes on; those who come meanwhile wait for it. */
  feeding: Promise<void> | undefined;
  isDropped: boolean;
  timer: NodeJS.Timeout | undefined;
  told: Pick<TracesMessage, 'version' | 'tipNs'>;
}

/** Execution traces of all runs: gives them to the thread as they grow, and asks it. */
export class Traces {
  readonly #runs: Runs;
  readonly #connect: TracesOptions['connect'];
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();
  readonly #asked = new Map<
    number,
    { resolve: (answer: TraceAnswer<TraceQuestion>) => void; reject: (error: Error) => void }
  >();
  readonly #listeners = new Set<(message: TracesMessage) => void>();
  readonly #stopListening: () => void;
  #port: TracePort<FromTraces, ToTraces> | undefined;
  #lastId = 0;
  #isStopped = false;

  constructor({ runs, connect, log }: TracesOptions) {
    this.#runs = runs;
    this.#connect = connect;
    this.#log = log;
    this.#stopListening = runs.listen({
      changed: (id) => {
        if (runs.isOpen(id) || this.#entries.has(id)) this.#look(id);
      },
      gone: (id) => this.#drop(id),
    });
  }

  /** Told when what a run's traces answer has changed. Returns the way to stop listening. */
  listen(listener: (message: TracesMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What was last told of this run; undefined when it has no traces, or nobody asked. */
  told(runId: string): TracesMessage | undefined {
    const told = this.#entries.get(runId)?.told;
    return told === undefined || told.version === 0 ? undefined : { type: 'traces', runId, ...told };
  }

  /** Waits until the traces of a run that is over are read; those of a live one answer as far as they are. Rejects with words for people. */
  async ask<Q extends TraceQuestion>(view: RunView, question: Q): Promise<TraceAnswer<Q>> {
    const entry = this.#entryOf(view.id);
    if (view.state.end === undefined && this.#runs.isOpen(view.id)) {
      this.#feed(view, entry).catch((error: unknown) => this.#cannotRead(view.id, error));
    } else {
      await entry.feeding; // of a moment ago: what came since is not in it
      await this.#feed(view, entry);
    }
    const id = ++this.#lastId;
    return new Promise<TraceAnswer<Q>>((resolve, reject) => {
      this.#asked.set(id, { resolve: (answer) => resolve(answer as TraceAnswer<Q>), reject });
      this.#send({ type: 'ask', id, run: view.id, question });
    });
  }

  /** What the goroutines of each test did, by the test's row; empty where no trace tells. */
  async tests(view: RunView): Promise<TraceAnswer<{ kind: 'tests' }>['tests']> {
    if (!hasTraces(view.state)) return new Map();
    return (await this.ask(view, { kind: 'tests' })).tests;
  }

  stop(): void {
    this.#stopListening();
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    for (const { reject } of this.#asked.values()) reject(new Error('the collector is stopping'));
    this.#asked.clear();
    this.#port?.close();
    this.#port = undefined;
    this.#isStopped = true;
  }

  #look(id: string): void {
    const entry = this.#entries.get(id);
    if (entry?.timer !== undefined) return;
    const look = async (): Promise<void> => {
      const view = await this.#runs.view(id);
      if (view === undefined || !hasTraces(view.state)) return;
      const fed = this.#entryOf(id);
      await fed.feeding; // of a moment ago: what came since is not in it
      await this.#feed(view, fed);
    };
    const timer = setTimeout(() => {
      const known = this.#entries.get(id);
      if (known !== undefined) known.timer = undefined;
      look().catch((error: unknown) => this.#cannotRead(id, error));
    }, LOOK_MS).unref();
    if (entry !== undefined) entry.timer = timer;
  }

  #cannotRead(id: string, error: unknown): void {
    this.#log.warn({ run: id, err: error }, 'traces cannot be read');
  }

  #entryOf(id: string): Entry {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = {
        sent: emptyRun(),
        given: new Map(),
        pending: 0,
        onTook: () => undefined,
        feeding: undefined,
        isDropped: false,
        timer: undefined,
        told: { version: 0, tipNs: null },
      };
    }
    this.#entries.delete(id);
    this.#entries.set(id, entry); // the last is the one used last
    const kept = [...this.#entries.keys()].filter((run) => !this.#runs.isOpen(run));
    for (const run of kept.slice(0, Math.max(0, kept.length - MAX_KEPT))) if (run !== id) this.#drop(run);
    return entry;
  }

  #drop(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#forget(id, entry);
    this.#send({ type: 'drop', run: id });
  }

  #forget(id: string, entry: Entry): void {
    clearTimeout(entry.timer);
    this.#entries.delete(id);
    entry.isDropped = true;
    entry.onTook();
  }

  /** The thread is gone, by a bug or for want of memory: whoever asks next gets a new one, which reads anew. */
  #broken(error: Error): void {
    this.#log.error({ err: error }, 'the reader of traces has failed');
    this.#port = undefined;
    for (const [id, entry] of [...this.#entries]) this.#forget(id, entry);
    for (const { reject } of this.#asked.values())
      reject(new Error('the traces could not be read; see the collector’s log'));
    this.#asked.clear();
  }

  /** Gives the thread what it does not have yet. */
  #feed(view: RunView, entry: Entry): Promise<void> {
    entry.feeding ??= this.#give(view, entry).finally(() => (entry.feeding = undefined));
    return entry.feeding;
  }

  async #give({ id, state }: RunView, entry: Entry): Promise<void> {
    if (state !== entry.sent) {
      const from = state.seq < entry.sent.seq ? emptyRun() : entry.sent;
      this.#send({ type: 'run', run: id, patch: encodePatch(from, state), isCheckpoint: from.seq === 0 });
      entry.sent = state;
    }
    const isOpen = this.#runs.isOpen(id);
    const traces = state.artifacts.filter(({ format }) => format === 'trace');
    const sizes = traces.length === 0 ? new Map<string, number>() : await this.#runs.artifactSizes(id);
    for (const { id: artifact, state: growth, bytes } of traces) {
      const given = entry.given.get(artifact) ?? { bytes: 0, hasEnded: false };
      entry.given.set(artifact, given);
      const size = sizes.get(artifact) ?? 0;
      if (given.bytes < size) await this.#giveBytes(id, entry, artifact, given, size);
      // Its last word may come before its last bytes.
      const isAll = !isOpen || (growth !== 'growing' && size >= (bytes ?? Infinity));
      if (isAll && !given.hasEnded && given.bytes >= size) {
        given.hasEnded = true;
        this.#send({ type: 'end', run: id, artifact });
      }
    }
  }

  async #giveBytes(run: string, entry: Entry, artifact: string, given: { bytes: number }, size: number): Promise<void> {
    for await (const piece of this.#runs.readArtifact(run, artifact, given.bytes, size)) {
      if (entry.isDropped) return;
      given.bytes += piece.byteLength;
      const whole = piece.byteLength === piece.buffer.byteLength && piece.byteLength <= PIECE_BYTES;
      const bytes = whole ? piece : piece.slice();
      entry.pending++;
      this.#send({ type: 'bytes', run, artifact, bytes }, [bytes.buffer]);
      while (entry.pending >= MAX_PENDING && !entry.isDropped)
        await new Promise<void>((resolve) => (entry.onTook = resolve));
    }
  }

  #send(message: ToTraces, transfer?: readonly ArrayBuffer[]): void {
    if (this.#isStopped) return;
    if (this.#port === undefined) {
      if (message.type === 'drop') return;
      this.#port = this.#connect();
      this.#port.onMessage((answer) => this.#take(answer));
      this.#port.onError((error) => this.#broken(error));
    }
    this.#port.postMessage(message, transfer);
  }

  #take(message: FromTraces): void {
    switch (message.type) {
      case 'took': {
        const entry = this.#entries.get(message.run);
        if (entry === undefined) return;
        entry.pending--;
        entry.onTook();
        break;
      }
      case 'changed': {
        const { run: runId, version, tipNs } = message;
        const entry = this.#entries.get(runId);
        if (entry === undefined) return;
        entry.told = { version, tipNs };
        for (const listener of this.#listeners) listener({ type: 'traces', runId, version, tipNs });
        break;
      }
      case 'answer':
      case 'failed': {
        const asked = this.#asked.get(message.id);
        this.#asked.delete(message.id);
        if (message.type === 'answer') asked?.resolve(message.answer);
        else asked?.reject(new Error(message.message));
        break;
      }
    }
  }
}

const hasTraces = (state: RunState): boolean => state.artifacts.some(({ format }) => format === 'trace');
