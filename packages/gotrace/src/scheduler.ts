import { NO_THREAD } from './batches.ts';
import type { Changes } from './changes.ts';
import type { TraceClock } from './clock.ts';
import { Cursors } from './cursors.ts';
import type { FaultList } from './fault.ts';
import { Frontier } from './frontier.ts';
import type { GenerationBuffer } from './generation.ts';
import { Goroutines } from './goroutines.ts';
import type { Limits } from './limits.ts';
import { SampleFeed } from './samples.ts';
import { Steps } from './steps.ts';
import { NONE } from './tables.ts';
import type { TimedTables } from './timed-tables.ts';

/** A short generation, too, may have to look at each of its threads more than once. */
const FREE_LOOKS = 1000;

/**
 * Puts the events of one generation after the other in order, and applies them.
 *
 * Times only hint at the order: clocks of threads disagree. What decides are the sequence numbers of goroutines and Ps: an event
 * whose turn has not come waits, while other threads go on, in the order of their times. This is how Go's reader does it, event
 * by event, so that both give the same times. Where Go's reader gives up, this one forces the earliest event, and says so.
 */
export class Scheduler {
  readonly #generation: GenerationBuffer;
  readonly #changes: Changes;
  readonly #faults: FaultList;
  readonly #limits: Limits;
  readonly #frontier = new Frontier();
  readonly #cursors: Cursors;
  readonly #steps: Steps;
  readonly #samples: SampleFeed;
  /** Events of this generation that were applied. */
  #events = 0;
  /** Threads looked at out of turn in this generation. */
  #looks = 0;

  constructor(
    generation: GenerationBuffer,
    tables: TimedTables,
    clock: TraceClock,
    changes: Changes,
    faults: FaultList,
    limits: Limits,
  ) {
    this.#generation = generation;
    this.#changes = changes;
    this.#faults = faults;
    this.#limits = limits;
    this.#cursors = new Cursors(generation, clock, this.#frontier, faults);
    const goroutines = new Goroutines();
    this.#steps = new Steps(this.#cursors, goroutines, changes, faults);
    this.#samples = new SampleFeed(tables, clock, goroutines, changes);
  }

  /** Applies the whole generation. */
  run(): void {
    const frontier = this.#frontier;
    const cursors = this.#cursors;
    const steps = this.#steps;
    const samples = this.#samples;
    const changes = this.#changes;
    this.#events = this.#looks = 0;
    cursors.begin();
    steps.begin(cursors.count, (cursor) => {
      const id = this.#generation.thread.values[cursor] as number;
      return id === NO_THREAD ? NONE : id;
    });
    samples.begin();
    while (frontier.length > 0 || samples.nextNs !== Number.POSITIVE_INFINITY) {
      const cursor = frontier.at[0] as number;
      const { timeNs } = frontier;
      if (frontier.length === 0 || samples.nextNs < (timeNs[cursor] as number)) {
        samples.apply();
        continue;
      }
      // As long as this thread has the earliest event, nothing else needs to be looked at.
      const limitNs = Math.min(frontier.secondNs(), samples.nextNs);
      let isReady: boolean;
      let hasMore = true;
      do {
        isReady = steps.step(cursor, false);
        if (!isReady) break;
        this.#events++;
        changes.events++;
        hasMore = cursors.next(cursor);
      } while (hasMore && (timeNs[cursor] as number) <= limitNs && !changes.isFull);
      if (!isReady) this.#outOfTurn();
      else if (hasMore) frontier.down(0);
      else frontier.remove(0);
      if (changes.isFull) changes.cut();
    }
    steps.end();
  }

  /** The earliest event must wait: the next that need not goes first. When all wait, something was lost. */
  #outOfTurn(): void {
    const frontier = this.#frontier;
    if (this.#looks <= (this.#events + FREE_LOOKS) * this.#limits.looksPerEvent) {
      this.#looks += frontier.length;
      frontier.sort();
      for (let i = 1; i < frontier.length; i++) {
        this.#looks++;
        if (this.#advance(i, false)) return;
      }
    }
    const cursor = frontier.at[0] as number;
    this.#faults.add('out-of-order', this.#cursors.offsetOf(cursor), this.#steps.describe(cursor));
    this.#advance(0, true);
  }

  #advance(i: number, isForced: boolean): boolean {
    const frontier = this.#frontier;
    const cursor = frontier.at[i] as number;
    if (!this.#steps.step(cursor, isForced)) return false;
    this.#events++;
    this.#changes.events++;
    if (this.#cursors.next(cursor)) frontier.update(i);
    else frontier.remove(i);
    return true;
  }
}
