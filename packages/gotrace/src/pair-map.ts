const EMPTY = -1;
/** As in `IdMap`: pairs forged to meet go elsewhere. */
const MAX_PROBES = 64;

/** Gives each pair of rows a row of its own, in the order of first sight. `-1` may be the first of a pair, not the second. */
export class PairMap {
  #rows = new Int32Array(64).fill(EMPTY);
  #first = new Int32Array(32);
  #second = new Int32Array(32);
  #mask = 63;
  readonly #crowded = new Map<string, number>();
  size = 0;

  /** The pair's row, a new one when it was never seen: then it equals the `size` before. */
  intern(first: number, second: number): number {
    let at = hashPair(first, second) & this.#mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const row = this.#rows[at] as number;
      if (row === EMPTY) return this.#add(first, second, at);
      if (this.#first[row] === first && this.#second[row] === second) return row;
      at = (at + 1) & this.#mask;
    }
    const key = `${first} ${second}`;
    const known = this.#crowded.get(key);
    if (known !== undefined) return known;
    this.#crowded.set(key, this.size);
    return this.#add(first, second, EMPTY);
  }

  /** `at`: its place among the rows; EMPTY for one that has none. */
  #add(first: number, second: number, at: number): number {
    const row = this.size++;
    if (at !== EMPTY) this.#rows[at] = row;
    if (row >= this.#first.length) this.#growColumns();
    this.#first[row] = first;
    this.#second[row] = second;
    if (this.size * 2 > this.#mask) this.#growRows();
    return row;
  }

  firstColumn(from: number): Int32Array<ArrayBuffer> {
    return this.#first.slice(from, this.size);
  }

  secondColumn(from: number): Int32Array<ArrayBuffer> {
    return this.#second.slice(from, this.size);
  }

  first(row: number): number {
    return this.#first[row] as number;
  }

  second(row: number): number {
    return this.#second[row] as number;
  }

  #growColumns(): void {
    const first = new Int32Array(this.#first.length * 2);
    first.set(this.#first);
    const second = new Int32Array(first.length);
    second.set(this.#second);
    this.#first = first;
    this.#second = second;
  }

  #growRows(): void {
    this.#mask = this.#rows.length * 2 - 1;
    this.#rows = new Int32Array(this.#mask + 1).fill(EMPTY);
    for (let row = 0; row < this.size; row++) {
      const first = this.#first[row] as number;
      const second = this.#second[row] as number;
      let at = hashPair(first, second) & this.#mask;
      let probe = 0;
      for (; probe < MAX_PROBES && this.#rows[at] !== EMPTY; probe++) at = (at + 1) & this.#mask;
      if (probe < MAX_PROBES) this.#rows[at] = row;
      else this.#crowded.set(`${first} ${second}`, row);
    }
  }
}

function hashPair(first: number, second: number): number {
  const h = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 0x7f4a7c15, 0x85ebca6b);
  return Math.imul(h ^ (h >>> 15), 0xc2b2ae35) ^ (h >>> 13);
}
