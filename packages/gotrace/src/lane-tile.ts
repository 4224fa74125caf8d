import { F64Column, I32Column } from './columns.ts';

/** Ns of the narrowest bin; wider ones are 4, 16, 64 … times as wide. */
export const LEAST_BIN_NS = 1_000_000;
export const BIN_FACTOR = 4;
/** Bins of a tile, at most; so that a bin's number has two bytes. */
const MAX_BINS = 4096;

/** Codes of a state with its reason: `state × 256 + reason`. */
export const SERIES = 5 * 256;

/**
 * What goroutines did in a stretch of time, in bins: how long each was in which state. Rows are sorted by goroutine, then by bin; a bin has
 * a row for each state it saw. A goroutine that does one thing through many bins has one row for them all.
 */
export interface LaneTile {
  readonly startNs: number;
  readonly endNs: number;
  readonly binNs: number;
  /** Goroutines that have rows, sorted; those of `goroutines[i]` are `start[i]` up to `start[i + 1]`. */
  readonly goroutines: Int32Array<ArrayBuffer>;
  readonly start: Int32Array<ArrayBuffer>;
  /** Begin of the first bin, as a number of bins from 0 ns. */
  readonly firstBin: number;
  /** Bins after the first. */
  readonly bin: Uint16Array<ArrayBuffer>;
  /** More than 1: all of their time was spent so. */
  readonly bins: Uint16Array<ArrayBuffer>;
  readonly series: Uint16Array<ArrayBuffer>;
  /** Time spent, in all of the row's bins. */
  readonly spentNs: Float64Array<ArrayBuffer>;
}

/** Width of the bins of a tile: the narrowest from `leastNs` on that are not too many. */
export function binNsFor(startNs: number, endNs: number, leastNs: number): number {
  let binNs = leastNs;
  while ((endNs - startNs) / binNs > MAX_BINS - 2) binNs *= BIN_FACTOR;
  return binNs;
}

/** Place of the goroutine in the tile; -1: it has no rows. */
export function placeOf({ goroutines }: LaneTile, goroutine: number): number {
  let low = 0;
  let high = goroutines.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = goroutines[middle] as number;
    if (found === goroutine) return middle;
    if (found < goroutine) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Makes one tile: lane by lane, each in order of time. All times are whole numbers, so that sums are exact. */
export class TileBuilder {
  readonly #startNs: number;
  readonly #endNs: number;
  readonly #binNs: number;
  readonly #firstBin: number;
  readonly #goroutines = new I32Column();
  readonly #start = new I32Column();
  readonly #bin = new I32Column();
  readonly #bins = new I32Column();
  readonly #series = new I32Column();
  readonly #spentNs = new F64Column();
  /** The bin that is being added up: time by series, and which series there are. */
  #openBin = -1;
  readonly #open = new Float64Array(SERIES);
  readonly #openSeries: number[] = [];

  constructor(startNs: number, endNs: number, binNs: number) {
    this.#startNs = startNs;
    this.#endNs = endNs;
    this.#binNs = binNs;
    this.#firstBin = Math.floor(startNs / binNs);
  }

  beginLane(goroutine: number): void {
    this.#flush();
    this.#goroutines.push(goroutine);
    this.#start.push(this.#bin.length);
  }

  /** All of the time from `startNs` to `endNs`. */
  add(series: number, startNs: number, endNs: number): void {
    const binNs = this.#binNs;
    const first = Math.floor(startNs / binNs);
    const last = Math.floor(endNs / binNs);
    if (first === last) {
      this.spend(series, startNs, endNs - startNs);
      return;
    }
    this.spend(series, startNs, (first + 1) * binNs - startNs);
    if (last > first + 1) {
      this.#flush();
      this.#push(first + 1 - this.#firstBin, last - first - 1, series, (last - first - 1) * binNs);
    }
    this.spend(series, last * binNs, endNs - last * binNs);
  }

  /** Some of the time of the bin that holds `atNs`. */
  spend(series: number, atNs: number, spentNs: number): void {
    if (spentNs === 0) return;
    const bin = Math.floor(atNs / this.#binNs) - this.#firstBin;
    if (bin !== this.#openBin) this.#flush();
    this.#openBin = bin;
    if (this.#open[series] === 0) this.#openSeries.push(series);
    this.#open[series] = (this.#open[series] as number) + spentNs;
  }

  finish(): LaneTile {
    this.#flush();
    this.#start.push(this.#bin.length);
    return {
      startNs: this.#startNs,
      endNs: this.#endNs,
      binNs: this.#binNs,
      firstBin: this.#firstBin,
      goroutines: this.#goroutines.take(),
      start: this.#start.take(),
      bin: Uint16Array.from(this.#bin.take()),
      bins: Uint16Array.from(this.#bins.take()),
      series: Uint16Array.from(this.#series.take()),
      spentNs: this.#spentNs.take(),
    };
  }

  #flush(): void {
    for (const series of this.#openSeries) {
      this.#push(this.#openBin, 1, series, this.#open[series] as number);
      this.#open[series] = 0;
    }
    this.#openSeries.length = 0;
    this.#openBin = -1;
  }

  /** Joins what goes on: full bins of one series. */
  #push(bin: number, bins: number, series: number, spentNs: number): void {
    const row = this.#bin.length - 1;
    const binNs = this.#binNs;
    const isSameLane = row >= (this.#start.values[this.#start.length - 1] as number);
    const before = this.#bins.values[row] as number;
    if (
      isSameLane &&
      this.#series.values[row] === series &&
      (this.#bin.values[row] as number) + before === bin &&
      this.#spentNs.values[row] === before * binNs &&
      spentNs === bins * binNs
    ) {
      this.#bins.values[row] = before + bins;
      this.#spentNs.values[row] = (before + bins) * binNs;
      return;
    }
    this.#bin.push(bin);
    this.#bins.push(bins);
    this.#series.push(series);
    this.#spentNs.push(spentNs);
  }
}

/** One tile of several that follow each other in time. Its bins are as wide as the widest of theirs, or wider. */
export function mergeTiles(tiles: readonly LaneTile[], leastNs: number): LaneTile {
  const startNs = Math.min(...tiles.map((tile) => tile.startNs));
  const endNs = Math.max(...tiles.map((tile) => tile.endNs));
  const binNs = binNsFor(startNs, endNs, Math.max(leastNs, ...tiles.map((tile) => tile.binNs)));
  const builder = new TileBuilder(startNs, endNs, binNs);
  const at = tiles.map(() => 0);
  for (;;) {
    let goroutine = Number.POSITIVE_INFINITY;
    for (const [i, { goroutines }] of tiles.entries())
      goroutine = Math.min(goroutine, goroutines[at[i] ?? 0] ?? goroutine);
    if (goroutine === Number.POSITIVE_INFINITY) return builder.finish();
    builder.beginLane(goroutine);
    for (const [i, tile] of tiles.entries()) {
      const place = at[i] ?? 0;
      if (tile.goroutines[place] !== goroutine) continue;
      addLane(builder, tile, place);
      at[i] = place + 1;
    }
  }
}

function addLane(builder: TileBuilder, tile: LaneTile, place: number): void {
  for (let row = tile.start[place] as number; row < (tile.start[place + 1] as number); row++) {
    const series = tile.series[row] as number;
    const spentNs = tile.spentNs[row] as number;
    const atNs = (tile.firstBin + (tile.bin[row] as number)) * tile.binNs;
    if (spentNs === (tile.bins[row] as number) * tile.binNs) builder.add(series, atNs, atNs + spentNs);
    else builder.spend(series, atNs, spentNs);
  }
}
