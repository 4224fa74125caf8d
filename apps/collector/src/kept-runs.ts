import type { RunState } from '@observe/run';
import type { RunStore } from '@observe/store';
import { RunFold } from './run-fold.ts';

/** Folded states kept in memory, by number and by tests: what a few people look at. The one asked for last is always kept. */
const MAX_KEPT = 6;
const MAX_KEPT_TESTS = 150_000;
/** A fold is fed no further ahead than this. */
const AHEAD_BYTES = 2 * 1024 * 1024;

/** States of runs that others write, or nobody does any more: folded from their logs when somebody asks, and the last few remembered. */
export class KeptRuns {
  readonly #store: RunStore;
  readonly #runs = new Map<string, KeptRun>();

  constructor(store: RunStore) {
    this.#store = store;
  }

  /** The state with all that the log holds now. Of an unknown run it is the empty one. */
  async state(id: string): Promise<RunState> {
    const run =
      this.#runs.get(id) ?? new KeptRun(this.#store, id, new RunFold((from, to) => this.#store.read(id, from, to)));
    this.#keep(id, run);
    return run.catchUp();
  }

  /** Takes over what was folded while the run was live. */
  adopt(id: string, fold: RunFold): void {
    this.#keep(id, new KeptRun(this.#store, id, fold));
  }

  forget(id: string): void {
    this.#runs.delete(id);
  }

  #keep(id: string, run: KeptRun): void {
    this.#runs.delete(id);
    this.#runs.set(id, run); // the last is the one used last
    let tests = 0;
    for (const kept of this.#runs.values()) tests += kept.tests;
    for (const [oldest, kept] of this.#runs) {
      if (this.#runs.size === 1 || (this.#runs.size <= MAX_KEPT && tests <= MAX_KEPT_TESTS)) return;
      this.#runs.delete(oldest);
      tests -= kept.tests;
    }
  }
}

class KeptRun {
  readonly #store: RunStore;
  readonly #id: string;
  readonly #fold: RunFold;
  #reading: Promise<RunState> | undefined;

  constructor(store: RunStore, id: string, fold: RunFold) {
    this.#store = store;
    this.#id = id;
    this.#fold = fold;
  }

  get tests(): number {
    return this.#fold.state.tests.length;
  }

  /** Those who ask at the same time wait for the same reading. */
  catchUp(): Promise<RunState> {
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #read(): Promise<RunState> {
    for await (const record of this.#store.read(this.#id, this.#fold.state.seq + 1, Infinity)) {
      this.#fold.push(record);
      await this.#fold.below(AHEAD_BYTES);
    }
    await this.#fold.settled();
    return this.#fold.state;
  }
}
