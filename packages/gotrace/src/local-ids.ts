import { grownI32 } from './columns.ts';
import { IdMap } from './id-map.ts';

/** No generation has so many: what is larger is forged, and is not there. */
export const NO_ID = 0x7fffffff;
/** Ids of one generation are counted from 1, so an array does; forged ones go to a map. */
const DENSE = 1 << 20;

/** Rows of the ids of one generation. */
export class LocalIds {
  #dense = new Int32Array(1024).fill(-1);
  readonly #sparse = new IdMap();
  #highest = 0;

  /** -1: no such id. */
  get(id: number): number {
    return id < this.#dense.length ? (this.#dense[id] as number) : this.#sparse.get(id);
  }

  set(id: number, row: number): void {
    if (id >= NO_ID) return;
    while (id < DENSE && id >= this.#dense.length) {
      const { length } = this.#dense;
      this.#dense = grownI32(this.#dense).fill(-1, length);
    }
    if (id >= this.#dense.length) this.#sparse.set(id, row);
    else {
      this.#dense[id] = row;
      if (id > this.#highest) this.#highest = id;
    }
  }

  clear(): void {
    this.#dense.fill(-1, 0, this.#highest + 1);
    this.#sparse.clear();
    this.#highest = 0;
  }
}
