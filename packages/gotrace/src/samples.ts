import type { Changes } from './changes.ts';
import type { TraceClock } from './clock.ts';
import type { Goroutines } from './goroutines.ts';
import { NONE } from './tables.ts';
import type { TimedTables } from './timed-tables.ts';

/** The CPU samples of a generation, given out in the order of their times among the events. */
export class SampleFeed {
  /** Time of the next sample; +∞: there is none. */
  nextNs = Number.POSITIVE_INFINITY;
  readonly #tables: TimedTables;
  readonly #clock: TraceClock;
  readonly #goroutines: Goroutines;
  readonly #changes: Changes;
  /** Samples by time. */
  #order: Uint32Array = new Uint32Array(0);
  #at = 0;

  constructor(tables: TimedTables, clock: TraceClock, goroutines: Goroutines, changes: Changes) {
    this.#tables = tables;
    this.#clock = clock;
    this.#goroutines = goroutines;
    this.#changes = changes;
  }

  begin(): void {
    const { values, length } = this.#tables.sampleTime;
    this.#order = Uint32Array.from({ length }, (_, i) => i);
    this.#order.sort((a, b) => (values[a] as number) - (values[b] as number));
    this.#at = 0;
    this.#look();
  }

  /** The next sample becomes a change. */
  apply(): void {
    const tables = this.#tables;
    const sample = this.#order[this.#at++] as number;
    const goid = tables.sampleGoid.values[sample] as number;
    this.#changes.tick(this.nextNs);
    this.#changes.sample(
      goid === NONE ? NONE : this.#goroutines.find(goid),
      goid,
      tables.sampleThread.values[sample] as number,
      tables.sampleProc.values[sample] as number,
      tables.sampleStack.values[sample] as number,
    );
    this.#look();
  }

  #look(): void {
    const sample = this.#order[this.#at];
    this.nextNs =
      sample === undefined
        ? Number.POSITIVE_INFINITY
        : this.#clock.ns(this.#tables.sampleTime.values[sample] as number);
  }
}
