import { F64Column, I32Column } from './columns.ts';
import { OPEN, type Segment } from './tables.ts';

/** Rows below one of the next level. */
const FAN_BITS = 4;

/** Counts of one state and reason, a number a pixel. */
export interface CountWindow {
  /** One of GO_STATE. */
  readonly state: number;
  /** Row of the reasons. */
  readonly reason: number;
  /** Goroutines at the end of the pixel. */
  readonly last: Int32Array<ArrayBuffer>;
  /** The most at the end of any millisecond that the pixel holds. */
  readonly max: Int32Array<ArrayBuffer>;
}

/**
 * Goroutines alive by state and reason, over the whole trace, for any window at the width of a screen. Levels of maxima above the
 * rows of the segments' counts: a pixel costs some dozen look-ups, whether it is a millisecond wide or an hour.
 * Memory: up to a thousand rows a second, each 8 bytes and some 5 for each state and reason.
 */
export class CountPyramid {
  readonly #atNs = new F64Column();
  /** Key: state and reason. */
  readonly #series = new Map<number, Series>();

  /** Adds the next segment. Segments come in their order; one left out is a time in which nothing changes. */
  add({ counts }: Segment): void {
    const before = this.#atNs.length;
    for (const atNs of counts.atNs) this.#atNs.push(atNs);
    for (const { state, reason, count } of counts.series) {
      const key = state * 256 + reason;
      let series = this.#series.get(key);
      if (series === undefined) {
        series = new Series(state, reason);
        this.#series.set(key, series);
      }
      series.fill(before);
      for (const value of count) series.push(value);
    }
    for (const series of this.#series.values()) series.fill(this.#atNs.length);
  }

  /** Every state and reason that the trace has so far, over `width` pixels from `fromNs` to `toNs`. */
  window(fromNs: number, toNs: number, width: number): readonly CountWindow[] {
    const pixels = Math.max(0, Math.floor(width));
    const { values, length } = this.#atNs;
    // Rows that begin before each pixel's start: the same for all series.
    const edges = new Int32Array(pixels + 1);
    for (let pixel = 0, row = 0; pixel <= pixels; pixel++) {
      row = firstFrom(values, row, length, fromNs + ((toNs - fromNs) * pixel) / pixels);
      edges[pixel] = row;
    }
    return [...this.#series.values()].map((series) => {
      const last = new Int32Array(pixels);
      const max = new Int32Array(pixels);
      for (let pixel = 0; pixel < pixels; pixel++) {
        const from = Math.max(0, (edges[pixel] as number) - 1); // the row before still holds when the pixel begins
        const to = edges[pixel + 1] as number;
        last[pixel] = to === 0 ? 0 : series.at(to - 1);
        max[pixel] = to === 0 ? 0 : series.max(from, to);
      }
      return { state: series.state, reason: series.reason, last, max };
    });
  }

  /** Begin of the first step; OPEN when there is none. */
  get startNs(): number {
    return this.#atNs.length === 0 ? OPEN : (this.#atNs.values[0] as number);
  }
}

class Series {
  readonly state: number;
  readonly reason: number;
  readonly #levels: I32Column[] = [new I32Column()];

  constructor(state: number, reason: number) {
    this.state = state;
    this.reason = reason;
  }

  /** Zeros up to a length: there was none of it. */
  fill(length: number): void {
    for (let i = this.#level(0).length; i < length; i++) this.push(0);
  }

  push(value: number): void {
    let row = this.#level(0).length;
    this.#level(0).push(value);
    for (let k = 1; (row >>= FAN_BITS) > 0 || k < this.#levels.length; k++) {
      const level = this.#level(k);
      if (level.length <= row) {
        // A new level begins with what lies below it.
        while (level.length < row) level.push(this.#maxBelow(k, level.length));
        level.push(level.length === 0 ? this.#maxBelow(k, 0) : value);
      } else if ((level.values[row] as number) < value) level.values[row] = value;
    }
  }

  at(row: number): number {
    return this.#level(0).values[row] as number;
  }

  /** The most in rows `from` up to, not with, `to`. Climbs while it can, so that it looks at some sixteen rows a level. */
  max(from: number, to: number): number {
    let most = 0;
    let low = from;
    let high = to;
    for (let k = 0; low < high; k++) {
      const { values } = this.#level(k);
      const isTop = k + 1 >= this.#levels.length;
      const mask = (1 << FAN_BITS) - 1;
      while (low < high && (isTop || (low & mask) !== 0)) most = Math.max(most, values[low++] as number);
      while (low < high && (high & mask) !== 0) most = Math.max(most, values[--high] as number);
      low >>= FAN_BITS;
      high >>= FAN_BITS;
    }
    return most;
  }

  #level(k: number): I32Column {
    let level = this.#levels[k];
    if (level === undefined) {
      level = new I32Column();
      this.#levels.push(level);
    }
    return level;
  }

  #maxBelow(k: number, row: number): number {
    const below = this.#level(k - 1);
    let most = 0;
    for (let i = row << FAN_BITS; i < Math.min(below.length, (row + 1) << FAN_BITS); i++) {
      most = Math.max(most, below.values[i] as number);
    }
    return most;
  }
}

/** The first row from `low` on that begins at `atNs` or later. */
function firstFrom(atNs: Float64Array, low: number, length: number, limitNs: number): number {
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atNs[middle] as number) >= limitNs) high = middle;
    else low = middle + 1;
  }
  return low;
}
