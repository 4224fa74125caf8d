import {
  BIN_FACTOR,
  binNsFor,
  LEAST_BIN_NS,
  mergeTiles,
  placeOf,
  SERIES,
  TileBuilder,
  type LaneTile,
} from './lane-tile.ts';
import { LaneIndex } from './lanes.ts';
import type { Segment } from './tables.ts';

/** Tiles below one of the next level. */
const FAN = 4;
/** Rows, of 14 bytes, that all tiles may have before the finest go. */
const ROWS = 4_000_000;

/** Lanes at the width of a screen: a cell is a pixel of a lane, `lane × width + pixel`. */
export interface LaneWindow {
  readonly width: number;
  /** One of GO_STATE: the state, with its reason, in which the goroutine spent most of the pixel; 0: it was not alive. */
  readonly state: Uint8Array<ArrayBuffer>;
  /** Row of the reasons. */
  readonly reason: Uint8Array<ArrayBuffer>;
  /** How much of the pixel that was, 0 – 1. */
  readonly share: Float32Array<ArrayBuffer>;
  /**
   * The widest bin that was looked at, ns; 0: there was nothing. Time within a bin counts as spread over it: pixels much narrower than
   * this need the segments' own rows (`LaneIndex`).
   */
  readonly binNs: number;
}

interface Node {
  readonly level: number;
  readonly tile: LaneTile;
  /** Finer tiles of the same time; none: this is the finest that is kept. */
  parts: readonly Node[];
}

/**
 * What goroutines did, over the whole trace, for any window and any lanes at the width of a screen. A tree of tiles: four that follow
 * each other are joined into one, with wider bins when they would be too many. A window looks at tiles whose bins are half a pixel wide,
 * or the finest there are, so that it costs some thousand rows a lane, whether it is a second wide or an hour.
 * Memory: 14 bytes a row. A goroutine has one for each state in each bin, one for many bins in which it does the same. Beyond `limitRows`
 * the finest tiles are dropped, the oldest first; then bins become wider, until each goroutine has but a row for each of its states.
 */
export class LanePyramid {
  /** Whole trees, in order of time; a level appears less than FAN times. */
  #roots: Node[] = [];
  #rows = 0;
  #leastBinNs = LEAST_BIN_NS;
  readonly #limitRows: number;

  constructor(limitRows = ROWS) {
    this.#limitRows = limitRows;
  }

  /** Adds the next segment. Segments come in their order; one left out is a time in which nothing is known. */
  add(segment: Segment): void {
    this.#push({ level: 0, tile: tileOf(segment, this.#leastBinNs), parts: [] });
    for (let tail = this.#tail(); tail !== undefined; tail = this.#tail()) {
      this.#roots.length -= FAN;
      const tile = mergeTiles(
        tail.map((node) => node.tile),
        this.#leastBinNs,
      );
      const isAsFine = tail.every(({ tile: { binNs }, parts }) => binNs === tile.binNs && parts.length === 0);
      if (isAsFine) for (const node of tail) this.#rows -= rowsIn(node);
      this.#push({ level: (tail[0]?.level ?? 0) + 1, tile, parts: isAsFine ? [] : tail });
    }
    if (this.#rows > this.#limitRows) this.#shrink(segment.endNs);
  }

  /** The goroutines' lanes over `width` pixels from `fromNs` to `toNs`. */
  window(goroutines: ArrayLike<number>, fromNs: number, toNs: number, width: number): LaneWindow {
    const pixels = toNs > fromNs && width >= 1 ? Math.floor(width) : 0;
    const pixelNs = (toNs - fromNs) / pixels;
    const tiles: LaneTile[] = [];
    if (pixels > 0) for (const root of this.#roots) pick(root, fromNs, toNs, pixelNs / 2, tiles);
    const cells = goroutines.length * pixels;
    const window: LaneWindow = {
      width: pixels,
      state: new Uint8Array(cells),
      reason: new Uint8Array(cells),
      share: new Float32Array(cells),
      binNs: tiles.reduce((widest, { binNs }) => Math.max(widest, binNs), 0),
    };
    const sums = new PixelSums(fromNs, pixelNs, pixels);
    for (let lane = 0; lane < goroutines.length; lane++) {
      for (const tile of tiles) {
        const place = placeOf(tile, goroutines[lane] as number);
        if (place >= 0) sums.add(tile, tile.start[place] as number, tile.start[place + 1] as number);
      }
      sums.take(window, lane * pixels);
    }
    return window;
  }

  /** Rows of all tiles. */
  get rows(): number {
    return this.#rows;
  }

  #push(node: Node): void {
    this.#roots.push(node);
    this.#rows += node.tile.bin.length;
  }

  /** The last trees, when they are to be joined. */
  #tail(): readonly Node[] | undefined {
    const tail = this.#roots.slice(-FAN);
    return tail.length === FAN && tail[0]?.level === tail[FAN - 1]?.level ? tail : undefined;
  }

  /** The finest tiles go; when that is not enough, all bins become wider. */
  #shrink(endNs: number): void {
    for (let level = 1; level <= (this.#roots[0]?.level ?? 0); level++) {
      for (const root of this.#roots) this.#drop(root, level);
    }
    while (this.#rows > this.#limitRows && this.#leastBinNs < endNs) {
      this.#leastBinNs *= BIN_FACTOR;
      const roots = this.#roots;
      this.#roots = [];
      this.#rows = 0;
      for (const { level, tile } of roots) this.#push({ level, tile: mergeTiles([tile], this.#leastBinNs), parts: [] });
    }
  }

  #drop(node: Node, level: number): void {
    if (node.level < level || this.#rows <= this.#limitRows) return;
    if (node.level > level) for (const part of node.parts) this.#drop(part, level);
    else {
      for (const part of node.parts) this.#rows -= rowsIn(part);
      node.parts = [];
    }
  }
}

const rowsIn = ({ tile, parts }: Node): number => parts.reduce((sum, part) => sum + rowsIn(part), tile.bin.length);

function tileOf({ intervals, startNs, endNs }: Segment, leastBinNs: number): LaneTile {
  const lanes = new LaneIndex(intervals);
  const builder = new TileBuilder(startNs, endNs, binNsFor(startNs, endNs, leastBinNs));
  for (const goroutine of lanes.goroutines()) {
    builder.beginLane(goroutine);
    for (const row of lanes.rowsOf(goroutine)) {
      const series = (intervals.state[row] as number) * 256 + (intervals.reason[row] as number);
      builder.add(series, intervals.startNs[row] as number, intervals.endNs[row] as number);
    }
  }
  return builder.finish();
}

/** The tiles that a window looks at, in order of time. */
function pick({ tile, parts }: Node, fromNs: number, toNs: number, binNs: number, picked: LaneTile[]): void {
  if (tile.endNs <= fromNs || tile.startNs >= toNs) return;
  if (tile.binNs <= binNs || parts.length === 0) picked.push(tile);
  else for (const part of parts) pick(part, fromNs, toNs, binNs, picked);
}

/** Adds up one lane: time by pixel and series. */
class PixelSums {
  readonly #fromNs: number;
  readonly #pixelNs: number;
  readonly #pixels: number;
  /** Place of a series among the sums; -1: this lane has not had it. */
  readonly #placeOf = new Int32Array(SERIES).fill(-1);
  readonly #series: number[] = [];
  readonly #sums: Float64Array[] = [];

  constructor(fromNs: number, pixelNs: number, pixels: number) {
    this.#fromNs = fromNs;
    this.#pixelNs = pixelNs;
    this.#pixels = pixels;
  }

  add({ firstBin, binNs, bin, bins, series, spentNs }: LaneTile, start: number, end: number): void {
    const pixelNs = this.#pixelNs;
    for (let row = start; row < end; row++) {
      const atNs = (firstBin + (bin[row] as number)) * binNs - this.#fromNs;
      const widthNs = (bins[row] as number) * binNs;
      const last = Math.min(this.#pixels - 1, Math.floor((atNs + widthNs) / pixelNs));
      const first = Math.max(0, Math.floor(atNs / pixelNs));
      if (first > last) continue;
      const sums = this.#sumsOf(series[row] as number);
      const share = (spentNs[row] as number) / widthNs;
      for (let pixel = first; pixel <= last; pixel++) {
        const overlapNs = Math.min(atNs + widthNs, (pixel + 1) * pixelNs) - Math.max(atNs, pixel * pixelNs);
        sums[pixel] = (sums[pixel] as number) + overlapNs * share;
      }
    }
  }

  /** Writes the lane's cells, from `at` on, and begins anew. */
  take({ state, reason, share }: LaneWindow, at: number): void {
    for (let pixel = 0; pixel < this.#pixels; pixel++) {
      let most = 0;
      let code = 0;
      for (let place = 0; place < this.#series.length; place++) {
        const spentNs = this.#sums[place]?.[pixel] as number;
        if (spentNs <= most) continue;
        most = spentNs;
        code = this.#series[place] as number;
      }
      state[at + pixel] = code >> 8;
      reason[at + pixel] = code & 255;
      share[at + pixel] = Math.min(1, most / this.#pixelNs);
    }
    for (const series of this.#series) this.#placeOf[series] = -1;
    this.#series.length = 0;
  }

  #sumsOf(series: number): Float64Array {
    let place = this.#placeOf[series] as number;
    if (place < 0) {
      place = this.#series.length;
      this.#placeOf[series] = place;
      this.#series.push(series);
      (this.#sums[place] ??= new Float64Array(this.#pixels)).fill(0);
    }
    return this.#sums[place] as Float64Array;
  }
}
