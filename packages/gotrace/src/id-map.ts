const EMPTY = -1;
/** Places looked at for one id. By chance a half-full table needs a dozen; ids forged to meet need all, and go elsewhere. */
const MAX_PROBES = 64;

/**
 * A map from ids (whole numbers from 0) to rows (from 0). In two typed arrays: no object an entry, nothing for the garbage
 * collector to walk. Open addressing; a deleted place is filled by those behind it.
 */
export class IdMap {
  #keys: Float64Array;
  #values: Int32Array;
  #mask: number;
  /** Ids that found no place near their own. */
  readonly #crowded = new Map<number, number>();
  size = 0;

  constructor() {
    this.#keys = new Float64Array(64).fill(EMPTY);
    this.#values = new Int32Array(64);
    this.#mask = 63;
  }

  /** The id's row; -1 when there is none. */
  get(id: number): number {
    const keys = this.#keys;
    const mask = this.#mask;
    let at = hash(id) & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const key = keys[at] as number;
      if (key === id) return this.#values[at] as number;
      if (key === EMPTY) break;
      at = (at + 1) & mask;
    }
    return this.#crowded.size === 0 ? -1 : (this.#crowded.get(id) ?? -1);
  }

  set(id: number, row: number): void {
    if (this.size * 2 >= this.#mask) this.#grow();
    let at = hash(id) & this.#mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const key = this.#keys[at] as number;
      if (key === id || (key === EMPTY && !this.#crowded.has(id))) {
        if (key === EMPTY) this.size++;
        this.#keys[at] = id;
        this.#values[at] = row;
        return;
      }
      if (key === EMPTY) break;
      at = (at + 1) & this.#mask;
    }
    this.#crowded.set(id, row);
  }

  delete(id: number): void {
    const keys = this.#keys;
    const mask = this.#mask;
    if (this.#crowded.size > 0 && this.#crowded.delete(id)) return;
    let hole = hash(id) & mask;
    for (let probe = 0; keys[hole] !== id; probe++) {
      if (keys[hole] === EMPTY || probe === MAX_PROBES) return;
      hole = (hole + 1) & mask;
    }
    this.size--;
    for (let at = (hole + 1) & mask; keys[at] !== EMPTY; at = (at + 1) & mask) {
      // Moves into the hole unless its own place lies between the hole and where it stands.
      const home = hash(keys[at] as number) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      keys[hole] = keys[at] as number;
      this.#values[hole] = this.#values[at] as number;
      hole = at;
    }
    keys[hole] = EMPTY;
  }

  clear(): void {
    this.#crowded.clear();
    if (this.size === 0) return;
    this.#keys.fill(EMPTY);
    this.size = 0;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#mask = keys.length * 2 - 1;
    this.#keys = new Float64Array(keys.length * 2).fill(EMPTY);
    this.#values = new Int32Array(keys.length * 2);
    this.size = 0;
    for (let i = 0; i < keys.length; i++) if (keys[i] !== EMPTY) this.set(keys[i] as number, values[i] as number);
  }
}

/** Goroutine ids come in runs, program counters in steps: multiply to spread both. */
function hash(id: number): number {
  let h = Math.imul(id | 0, 0x9e3779b1);
  if (id > 0xffffffff) h ^= Math.imul((id / 0x100000000) | 0, 0x85ebca6b);
  return h ^ (h >>> 15);
}
