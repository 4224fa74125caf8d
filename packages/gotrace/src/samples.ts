import type { TraceClock } from './clock.ts';
import { SampleBuilder } from './event-tables.ts';
import type { GenerationTables } from './generation-tables.ts';
import { NONE, type SampleTable } from './tables.ts';
import type { Timeline } from './timeline.ts';

/** The CPU samples of a generation, given out in the order of their times among the events. */
export class SampleFeed {
  /** Time of the next sample; +∞: there is none. */
  nextNs = Number.POSITIVE_INFINITY;
  readonly #rows = new SampleBuilder();
  readonly #tables: GenerationTables;
  readonly #clock: TraceClock;
  readonly #timeline: Timeline;
  /** Samples by time. */
  #order: Uint32Array = new Uint32Array(0);
  #at = 0;

  constructor(tables: GenerationTables, clock: TraceClock, timeline: Timeline) {
    this.#tables = tables;
    this.#clock = clock;
    this.#timeline = timeline;
  }

  begin(): void {
    const { values, length } = this.#tables.sampleTime;
    this.#order = Uint32Array.from({ length }, (_, i) => i);
    this.#order.sort((a, b) => (values[a] as number) - (values[b] as number));
    this.#at = 0;
    this.#look();
  }

  /** The next sample becomes a row. */
  apply(): void {
    const tables = this.#tables;
    const sample = this.#order[this.#at++] as number;
    const { goroutines } = this.#timeline;
    const goid = tables.sampleGoid.values[sample] as number;
    const slot = goid === NONE ? NONE : goroutines.find(goid);
    this.#rows.add(
      this.#timeline.tick(this.nextNs),
      goid,
      slot === NONE ? NONE : (goroutines.row[slot] as number),
      tables.sampleThread.values[sample] as number,
      tables.sampleProc.values[sample] as number,
      tables.stack(tables.sampleStack.values[sample] as number),
    );
    this.#look();
  }

  take(): SampleTable {
    return this.#rows.take();
  }

  #look(): void {
    const sample = this.#order[this.#at];
    this.nextNs =
      sample === undefined
        ? Number.POSITIVE_INFINITY
        : this.#clock.ns(this.#tables.sampleTime.values[sample] as number);
  }
}
