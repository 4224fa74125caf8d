import type { LogRecord, RunSummary } from '@observe/protocol';
import { summaryOf, type RunState } from '@observe/run';
import { isRunId, StoreError, textOf, type RawRecord, type RunStore, type StoredRun } from '@observe/store';
import { KeptRuns } from './kept-runs.ts';
import { LiveRun, type ProducerSession } from './live-run.ts';
import type { Log } from './log.ts';

/** run.json follows a live run at this distance. */
const SUMMARY_MS = 2000;

export interface RunsOptions {
  readonly store: RunStore;
  readonly graceMs: number;
  readonly log: Log;
}

/** One run as it can be shown now. */
export interface RunView {
  readonly id: string;
  readonly state: RunState;
  readonly summary: RunSummary;
  /** Its producer is connected to us. */
  readonly isLive: boolean;
  /** See PatchMessage. */
  readonly nowNs: number | null;
}

export interface RunListener {
  changed(id: string): void;
  gone(id: string): void;
}

/** A run that this collector writes, from the first producer to the last. */
interface LiveEntry {
  readonly opening: Promise<LiveRun>;
  run: LiveRun | undefined;
  /** Producers that joined or are about to, and others who need it open. */
  users: number;
  graceTimer: NodeJS.Timeout | undefined;
  /** Set once it is being closed; then it is no more. */
  closing: Promise<void> | undefined;
}

/** All runs of one store: those we write, and the kept ones. */
export class Runs {
  readonly #store: RunStore;
  readonly #graceMs: number;
  readonly #log: Log;
  readonly #kept: KeptRuns;
  readonly #live = new Map<string, LiveEntry>();
  readonly #listeners = new Set<RunListener>();
  readonly #summaryTimer: NodeJS.Timeout;
  /** The last look at the store. */
  #listed: { readonly atMs: number; readonly stored: readonly StoredRun[] } | undefined;
  #isClosed = false;

  constructor({ store, graceMs, log }: RunsOptions) {
    this.#store = store;
    this.#graceMs = graceMs;
    this.#log = log;
    this.#kept = new KeptRuns(store);
    this.#summaryTimer = setInterval(() => void this.#putSummaries(), SUMMARY_MS).unref();
  }

  /** Returns the way to stop listening. */
  listen(listener: RunListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether a run is open for writing: one more reason not to leave. */
  get hasLive(): boolean {
    return this.#live.size > 0;
  }

  isOpen(id: string): boolean {
    return this.#live.has(id);
  }

  /** Live ones first, then the newest. `maxAgeMs`: how old the look at the store may be; our own runs are always told as they are. */
  async list(maxAgeMs = 0): Promise<RunSummary[]> {
    const nowMs = performance.now();
    if (this.#listed === undefined || nowMs - this.#listed.atMs > maxAgeMs) {
      this.#listed = { atMs: nowMs, stored: await this.#store.list() };
    }
    const summaries = new Map<string, RunSummary>();
    for (const { id, summary } of this.#listed.stored) if (summary !== undefined) summaries.set(id, summary);
    for (const [id, { run }] of this.#live) if (run !== undefined && run.state.seq > 0) summaries.set(id, run.summary);
    const isRunning = ({ verdict }: RunSummary): number => (verdict === 'running' ? 1 : 0);
    return [...summaries.values()].sort((a, b) => isRunning(b) - isRunning(a) || (a.id < b.id ? 1 : -1));
  }

  /** Whether there is a run of exactly this id, of which something is known. */
  async has(id: string): Promise<boolean> {
    return this.#live.has(id) || (await this.#store.summary(id)) !== undefined;
  }

  /** Undefined when there is no such run. */
  async view(id: string): Promise<RunView | undefined> {
    const run = this.#live.get(id)?.run;
    if (run !== undefined) {
      const isLive = run.hasProducer && run.state.end === undefined;
      return { id, state: run.state, summary: run.summary, isLive, nowNs: run.nowNs };
    }
    if (!isRunId(id)) return undefined;
    const stored = await this.#store.summary(id);
    const state = await this.#kept.state(id);
    if (stored === undefined && state.seq === 0) return undefined;
    const known = { id, bytes: stored?.bytes ?? 0, wall: stored?.startedAt ?? new Date(0).toISOString() };
    const summary = stored?.seq === state.seq ? stored : summaryOf(state, known);
    return { id, state, summary, isLive: false, nowNs: null };
  }

  /** Whole records that touch [fromSeq, toSeq). */
  readRaw(id: string, fromSeq: number, toSeq: number): AsyncIterable<RawRecord> {
    return this.#store.read(id, fromSeq, toSeq);
  }

  /** Bytes of each artifact that are there. */
  async artifactSizes(id: string): Promise<ReadonlyMap<string, number>> {
    return this.#live.get(id)?.run?.artifacts ?? (await this.#store.artifactSizes(id));
  }

  readArtifact(id: string, artifact: string, from: number, to: number): AsyncIterable<Uint8Array<ArrayBuffer>> {
    return this.#store.readArtifact(id, artifact, from, to);
  }

  /** Text of the log, for answers: a LogSource of packages/query. */
  async *read(id: string, fromSeq: number, toSeq: number): AsyncGenerator<LogRecord> {
    for await (const record of this.#store.read(id, fromSeq, toSeq)) yield textOf(record);
  }

  /** A producer has come: opens the run, again if need be. `leave` must be called once it is gone. */
  async join(id: string, producer: string, session: ProducerSession): Promise<{ run: LiveRun; leave: () => void }> {
    const { run, release } = await this.open(id);
    const leave = run.join(producer, session);
    this.#changed(id);
    return {
      run,
      leave: () => {
        leave();
        release();
        this.#changed(id);
      },
    };
  }

  /** Opens the run for writing and holds it open until `release`. */
  async open(id: string): Promise<{ run: LiveRun; release: () => void }> {
    let entry = this.#live.get(id);
    while (entry?.closing !== undefined) {
      await entry.closing;
      entry = this.#live.get(id);
    }
    if (this.#isClosed) throw new StoreError('io', '', 'the collector is stopping; try again');
    const joined = entry ?? this.#newEntry(id);
    joined.users++;
    clearTimeout(joined.graceTimer);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      joined.users--;
      if (joined.users === 0) this.#afterLast(id, joined);
    };
    try {
      return { run: await joined.opening, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** False when it could not be written. */
  async rename(id: string, name: string): Promise<boolean> {
    const { run, release } = await this.open(id);
    try {
      return await run.rename(name);
    } finally {
      release();
    }
  }

  /** Deletes a kept run. StoreError `held` while somebody writes it. */
  async delete(id: string): Promise<void> {
    await this.#live.get(id)?.closing;
    await this.#store.delete(id);
    this.#kept.forget(id);
    this.#listed = undefined;
    this.#log.info({ run: id }, 'deleted');
    for (const listener of this.#listeners) listener.gone(id);
  }

  /** Everything durable and every claim given back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#summaryTimer);
    await Promise.all([...this.#live].map(([id, entry]) => this.#retire(id, entry)));
    await this.#store.close();
  }

  #newEntry(id: string): LiveEntry {
    const opening = LiveRun.open(this.#store, id, () => this.#changed(id));
    const entry: LiveEntry = { opening, run: undefined, users: 0, graceTimer: undefined, closing: undefined };
    this.#live.set(id, entry);
    opening.then(
      (run) => {
        entry.run = run;
        this.#kept.forget(id);
        this.#log.info({ run: id, seq: run.state.seq }, 'opened');
      },
      (error: unknown) => {
        if (this.#live.get(id) === entry) this.#live.delete(id);
        this.#log.warn({ run: id, err: error }, 'cannot be opened');
      },
    );
    return entry;
  }

  /** Nobody holds the run open any more: it is over, or its producer has until the end of the grace period to come back. */
  #afterLast(id: string, entry: LiveEntry): void {
    clearTimeout(entry.graceTimer);
    const { run } = entry;
    if (run === undefined || entry.closing !== undefined || this.#isClosed) return;
    void run.settled().then(() => {
      if (entry.users > 0 || entry.closing !== undefined || this.#isClosed) return;
      if (run.hasEnded || run.state.seq === 0) void this.#retire(id, entry);
      else entry.graceTimer = setTimeout(() => void this.#retire(id, entry, true), this.#graceMs).unref();
    });
  }

  /** Closes a run that was opened here. Never rejects: what the disk does not take is told in the log, and tried again later. */
  #retire(id: string, entry: LiveEntry, isLost = false): Promise<void> {
    clearTimeout(entry.graceTimer);
    entry.closing ??= (async () => {
      try {
        const run = await entry.opening;
        if (isLost && !(await run.endAsLost())) this.#log.warn({ run: id }, 'cannot be closed as lost');
        await run.close();
        this.#kept.adopt(id, run.fold);
        this.#log.info({ run: id, seq: run.state.seq, verdict: run.summary.verdict }, 'closed');
      } catch (error) {
        this.#log.warn({ run: id, err: error }, 'not closed as it should be');
      } finally {
        this.#live.delete(id);
        this.#listed = undefined;
        this.#changed(id);
      }
    })();
    return entry.closing;
  }

  #changed(id: string): void {
    for (const listener of this.#listeners) listener.changed(id);
  }

  async #putSummaries(): Promise<void> {
    for (const [id, { run, closing }] of this.#live) {
      if (run === undefined || closing !== undefined) continue;
      await run
        .putSummary()
        .catch((error: unknown) => this.#log.warn({ run: id, err: error }, 'run.json cannot be written'));
    }
  }
}
