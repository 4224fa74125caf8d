import { F64Column, I32Column } from '@observe/gotrace';

/** Rows after which the older half is dropped: hours of an ordinary program. */
const LIMIT = 1 << 18;

/** Ranges in time, sorted by their ends; the newest 130,000 at least. */
export class RangeLog {
  readonly startNs = new F64Column();
  readonly endNs = new F64Column();
  /** Row of the strings: the kind of a stop of the world; NONE for a collection. */
  readonly name = new I32Column();
  /** Older ranges that were dropped, and their time. */
  dropped = 0;
  droppedNs = 0;

  push(startNs: number, endNs: number, name: number): void {
    if (this.startNs.length >= LIMIT) this.#drop(LIMIT / 2);
    this.startNs.push(startNs);
    this.endNs.push(endNs);
    this.name.push(name);
  }

  #drop(count: number): void {
    for (let i = 0; i < count; i++) {
      this.droppedNs += (this.endNs.values[i] as number) - Math.max(0, this.startNs.values[i] as number);
    }
    this.dropped += count;
    for (const column of [this.startNs, this.endNs, this.name]) {
      column.values.copyWithin(0, count, column.length);
      column.length -= count;
    }
  }
}
