import { listSpools, openSpool, trimArtifacts, withoutSeq, type RunStore, type SpoolInfo } from '@observe/store';
import type { Log } from './log.ts';
import type { Runs } from './runs.ts';

/** Between two rounds, at most; sooner when the grace period is short. */
const ROUND_MS = 3000;
/** What all artifacts take is looked at so seldom: by then a run or two have ended. */
const TRIM_MS = 60_000;
/** A spool is read no further ahead of its log than this. */
const AHEAD_BYTES = 8 * 1024 * 1024;

export interface CaretakerOptions {
  readonly store: RunStore;
  readonly runs: Runs;
  readonly home: string;
  readonly graceMs: number;
  readonly log: Log;
}

/**
 * Looks after what others left behind: spools whose process died before it could send them are taken in, and runs that nobody
 * writes any more (a collector or a CLI was killed) are closed as lost, unless their producer comes back within the grace period.
 * When the artifacts of all runs take too much room, those of the oldest go.
 */
export class Caretaker {
  readonly #options: CaretakerOptions;
  /** When a run was first seen without a writer, on `performance.now()`. */
  readonly #abandonedMs = new Map<string, number>();
  /** When it last looked what the artifacts take, on `performance.now()`. */
  #trimmedMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(options: CaretakerOptions) {
    this.#options = options;
  }

  /** Begins its rounds; returns the way to stop them, which resolves when the last one is over. */
  start(): () => Promise<void> {
    let isStopped = false;
    const next = (): void => {
      this.#round = this.#makeRound().finally(() => {
        if (isStopped) return;
        this.#timer = setTimeout(next, Math.min(ROUND_MS, Math.max(50, this.#options.graceMs / 2))).unref();
      });
    };
    next();
    return () => {
      isStopped = true;
      clearTimeout(this.#timer);
      return this.#round;
    };
  }

  async #makeRound(): Promise<void> {
    const { home, log } = this.#options;
    try {
      for (const spool of await listSpools(home)) if (spool.isOrphan) await this.#takeIn(spool);
      await this.#closeAbandoned();
      await this.#trim();
    } catch (error) {
      log.warn({ err: error }, 'the home could not be looked after'); // next round
    }
  }

  async #takeIn(info: SpoolInfo): Promise<void> {
    const { home, runs, log } = this.#options;
    const spool = await openSpool(home, info);
    if (spool.log.head === 0) return spool.remove();
    try {
      const { run, release } = await runs.open(info.runId);
      try {
        for await (const { header, payload } of spool.log.read(run.have(info.producer) + 1, Infinity)) {
          run.take(info.producer, { header: withoutSeq(header), payload });
          if (run.pendingBytes > AHEAD_BYTES) await run.settled();
        }
        await run.settled();
        if (run.have(info.producer) < spool.log.head) return; // the disk is full: next round
        for (const artifact of (await spool.artifacts.sizes()).keys()) {
          let at = run.artifacts.get(artifact) ?? 0;
          for await (const piece of spool.artifacts.read(artifact, at, Infinity)) {
            at = await run.takeChunk(artifact, at, piece);
          }
        }
        if (!run.hasEnded && !run.hasProducer) await run.endAsLost();
        await run.sync();
      } finally {
        release();
      }
      log.info({ run: info.runId, lines: spool.log.head }, 'took in what a dead process had spooled');
      await spool.remove();
    } catch (error) {
      log.warn({ run: info.runId, err: error }, 'a spool could not be taken in');
    } finally {
      await spool.log.close();
    }
  }

  async #trim(): Promise<void> {
    const { store, home, log } = this.#options;
    const nowMs = performance.now();
    if (nowMs - this.#trimmedMs < TRIM_MS) return;
    this.#trimmedMs = nowMs;
    const deleted = await trimArtifacts(home, store);
    if (deleted > 0) log.info({ deleted }, 'artifacts of the oldest runs deleted: they took too much room');
  }

  async #closeAbandoned(): Promise<void> {
    const { store, runs, graceMs } = this.#options;
    const abandoned = new Set<string>();
    for (const { id, summary, isNewer } of await store.list()) {
      const isOver = summary !== undefined && summary.verdict !== 'running';
      if (!isOver && !isNewer && !runs.isOpen(id) && !(await store.isHeld(id))) abandoned.add(id);
    }
    const nowMs = performance.now();
    for (const id of [...this.#abandonedMs.keys()]) if (!abandoned.has(id)) this.#abandonedMs.delete(id);
    for (const id of abandoned) {
      const sinceMs = this.#abandonedMs.get(id);
      if (sinceMs === undefined) this.#abandonedMs.set(id, nowMs);
      if (nowMs - (sinceMs ?? nowMs) >= graceMs) await this.#close(id);
    }
  }

  async #close(id: string): Promise<void> {
    const { runs, log } = this.#options;
    try {
      const { run, release } = await runs.open(id);
      const isEmpty = run.state.seq === 0;
      if (!isEmpty && !run.hasEnded && !run.hasProducer) await run.endAsLost();
      release();
      if (isEmpty && !runs.isOpen(id)) await runs.delete(id);
    } catch (error) {
      log.warn({ run: id, err: error }, 'an abandoned run could not be closed'); // next round
    }
  }
}
