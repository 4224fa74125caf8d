import type { Segment } from '@observe/gotrace';

/** A segment whose intervals and wakes are still at hand. */
export type KeptSegment = Pick<Segment, 'generation' | 'part' | 'startNs' | 'endNs' | 'intervals' | 'wakes'>;

const INTERVAL_BYTES = 4 + 8 + 8 + 1 + 1 + 4 + 1;
const WAKE_BYTES = 8 + 4 + 4 + 4 + 8;

/** The newest segments that fit into a number of bytes; the newest one always. */
export class KeptSegments {
  readonly #budgetBytes: number;
  #segments: KeptSegment[] = [];
  #bytes = 0;
  #fromNs = 0;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  add({ generation, part, startNs, endNs, intervals, wakes }: Segment): void {
    this.#segments.push({ generation, part, startNs, endNs, intervals, wakes });
    this.#bytes += bytesOf({ intervals, wakes });
    let dropped = 0;
    while (this.#bytes > this.#budgetBytes && dropped < this.#segments.length - 1) {
      const oldest = this.#segments[dropped++] as KeptSegment;
      this.#bytes -= bytesOf(oldest);
      this.#fromNs = oldest.endNs;
    }
    if (dropped > 0) this.#segments = this.#segments.slice(dropped);
  }

  /** In their order; never changed. */
  get segments(): readonly KeptSegment[] {
    return this.#segments;
  }

  /** Intervals are known from here on; 0: all of them. */
  get fromNs(): number {
    return this.#fromNs;
  }

  get byteLength(): number {
    return this.#bytes;
  }
}

const bytesOf = ({ intervals, wakes }: Pick<Segment, 'intervals' | 'wakes'>): number =>
  intervals.length * INTERVAL_BYTES + wakes.length * WAKE_BYTES;
