import { F64Column, I32Column } from './columns.ts';
import { GO_STATE, type CountSeries, type CountTable } from './tables.ts';

/** A pixel of a chart that shows one second on a wide screen; half of what a generation of one second would need. */
const STEP_NS = 1_000_000;

/** States, then reasons of waiting. */
const REASON_0: number = GO_STATE.waiting;
const SERIES = REASON_0 + 256;

/** Goroutines alive by state and reason, a row for each step in which a count changed. */
export class CountBuilder {
  alive = 0;
  /** Since `begin`. */
  maxAlive = 0;
  readonly #now = new Int32Array(SERIES);
  /** Of those that were ever not zero: of 256 reasons a trace has a dozen, and they come first. */
  #lastSeries = 0;
  #stepMax = 0;
  /** End of the step. */
  stepEndNs = Number.POSITIVE_INFINITY;
  #isChanged = false;
  readonly #atNs = new F64Column();
  readonly #maxAlive = new I32Column();
  #columns = new Map<number, I32Column>();

  begin(startNs: number): void {
    this.maxAlive = this.#stepMax = this.alive;
    this.#columns = new Map();
    for (let series = 0; series <= this.#lastSeries; series++) if (this.#now[series] !== 0) this.#column(series);
    this.stepEndNs = stepEnd(startNs);
    this.#isChanged = this.alive > 0; // a table says at its start what is alive
  }

  /** From one state to another, within the step: `flush` comes first when that is over. State 0: not born, or dead. */
  move(from: number, fromReason: number, to: number, toReason: number): void {
    this.#isChanged = true;
    if (from === 0) {
      if (++this.alive > this.#stepMax) this.#stepMax = this.alive;
    } else {
      const series = from === REASON_0 ? REASON_0 + fromReason : from;
      this.#now[series] = (this.#now[series] as number) - 1;
    }
    if (to === 0) this.alive--;
    else {
      const series = to === REASON_0 ? REASON_0 + toReason : to;
      if (series > this.#lastSeries) this.#lastSeries = series;
      this.#now[series] = (this.#now[series] as number) + 1;
    }
  }

  take(endNs: number): CountTable {
    this.flush(endNs);
    const atNs = this.#atNs.take();
    const series: CountSeries[] = [...this.#columns]
      .sort(([a], [b]) => a - b)
      .map(([key, column]) => ({
        state: Math.min(key, REASON_0),
        reason: Math.max(0, key - REASON_0),
        count: column.take(),
      }));
    return { length: atNs.length, stepNs: STEP_NS, atNs, maxAlive: this.#maxAlive.take(), series };
  }

  /** The step is over; the one that holds `atNs` begins. */
  flush(atNs: number): void {
    if (this.#isChanged) {
      this.#isChanged = false;
      for (let series = 1; series <= this.#lastSeries; series++) if (this.#now[series] !== 0) this.#column(series);
      for (const [series, column] of this.#columns) column.push(this.#now[series] as number);
      this.#atNs.push(this.stepEndNs - STEP_NS);
      this.#maxAlive.push(this.#stepMax);
      if (this.#stepMax > this.maxAlive) this.maxAlive = this.#stepMax;
    }
    this.#stepMax = this.alive;
    this.stepEndNs = stepEnd(atNs);
  }

  /** A series that appears late was zero before. */
  #column(series: number): I32Column {
    let column = this.#columns.get(series);
    if (column === undefined) {
      column = new I32Column();
      for (let i = 0; i < this.#atNs.length; i++) column.push(0);
      this.#columns.set(series, column);
    }
    return column;
  }
}

const stepEnd = (atNs: number): number => (Math.floor(atNs / STEP_NS) + 1) * STEP_NS;
