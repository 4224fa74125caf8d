import type { IntervalTable } from './tables.ts';

/**
 * The lanes of one segment: which rows of its intervals are one goroutine's, in order. Cost: one pass over the rows; 4 bytes
 * a row and 4 a goroutine between the segment's first and last.
 */
export class LaneIndex {
  readonly #intervals: IntervalTable;
  /** Rows by goroutine, in their order. */
  readonly #rows: Uint32Array<ArrayBuffer>;
  /** Where each goroutine's rows begin, and at the end where the last one's end. */
  readonly #start: Uint32Array<ArrayBuffer>;
  readonly #first: number;

  constructor(intervals: IntervalTable) {
    const { length, goroutine } = intervals;
    let first = Number.POSITIVE_INFINITY;
    let last = -1;
    for (let i = 0; i < length; i++) {
      const row = goroutine[i] as number;
      if (row < first) first = row;
      if (row > last) last = row;
    }
    const start = new Uint32Array(length === 0 ? 1 : last - first + 2);
    for (let i = 0; i < length; i++) {
      const lane = (goroutine[i] as number) - first + 1;
      start[lane] = (start[lane] as number) + 1;
    }
    for (let lane = 1; lane < start.length; lane++) {
      start[lane] = (start[lane] as number) + (start[lane - 1] as number);
    }
    const next = start.slice();
    const rows = new Uint32Array(length);
    for (let i = 0; i < length; i++) {
      const lane = (goroutine[i] as number) - first;
      const place = next[lane] as number;
      rows[place] = i;
      next[lane] = place + 1;
    }
    this.#intervals = intervals;
    this.#rows = rows;
    this.#start = start;
    this.#first = first;
  }

  /** Those that have intervals here, sorted. */
  goroutines(): readonly number[] {
    const found: number[] = [];
    for (let lane = 0; lane < this.#start.length - 1; lane++) {
      if (this.#start[lane] !== this.#start[lane + 1]) found.push(this.#first + lane);
    }
    return found;
  }

  /** Rows of the goroutine's intervals, sorted by time; a view. Empty when it has none here. */
  rowsOf(goroutine: number): Uint32Array {
    const lane = goroutine - this.#first;
    if (!(lane >= 0 && lane < this.#start.length - 1)) return this.#rows.subarray(0, 0);
    return this.#rows.subarray(this.#start[lane], this.#start[lane + 1]);
  }

  /**
   * Those of a goroutine's rows that a picture of `width` pixels from `fromNs` to `toNs` needs: each that begins a pixel, so at most
   * one a pixel. What lies wholly inside of a pixel after another is left out. Cost: O(width × log rows).
   */
  visibleRows(goroutine: number, fromNs: number, toNs: number, width: number): readonly number[] {
    const rows = this.rowsOf(goroutine);
    const { startNs, endNs } = this.#intervals;
    const visible: number[] = [];
    if (!(toNs > fromNs) || !(width >= 1)) return visible;
    const pixelNs = (toNs - fromNs) / width;
    let at = 0;
    for (let untilNs = fromNs; untilNs < toNs;) {
      at = firstEndingAfter(rows, endNs, untilNs, at);
      const row = rows[at];
      if (row === undefined || (startNs[row] as number) >= toNs) break;
      visible.push(row);
      // The next one to be seen is the first that reaches into a pixel that this one does not fill.
      const end = Math.max(endNs[row] as number, untilNs);
      untilNs = fromNs + Math.max(1, Math.ceil((end - fromNs) / pixelNs)) * pixelNs;
      if (end >= untilNs) untilNs = end;
      at++;
    }
    return visible;
  }
}

/** The first place from `from` on whose row ends after `atNs`. */
function firstEndingAfter(rows: Uint32Array, endNs: Float64Array, atNs: number, from: number): number {
  let low = from;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((endNs[rows[middle] as number] as number) > atNs) high = middle;
    else low = middle + 1;
  }
  return low;
}
