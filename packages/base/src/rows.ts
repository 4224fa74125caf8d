/** Rows a chunk. A batch that touches one row of 100,000 copies one chunk and the spine: 512 + 196 slots. */
const CHUNK_ROWS = 512;

/**
 * A persistent list: every version stays as it was, versions share what they have in common.
 * Read with `at` and `length`, change through a `RowsDraft`.
 */
export interface Rows<T> {
  readonly length: number;
  /** Full chunks of CHUNK_ROWS but the last. Compare chunks of two versions by identity to find what changed. */
  readonly chunks: readonly (readonly T[])[];
}

const EMPTY: Rows<never> = { length: 0, chunks: [] };
export const emptyRows = <T>(): Rows<T> => EMPTY;

export const rowAt = <T>(rows: Rows<T>, index: number): T | undefined =>
  index < 0 || index >= rows.length ? undefined : rows.chunks[Math.floor(index / CHUNK_ROWS)]?.[index % CHUNK_ROWS];

export function* iterateRows<T>(rows: Rows<T>): Generator<T> {
  for (const chunk of rows.chunks) yield* chunk;
}

/** Calls `visit` with each row of `to` that is not the same object in `from`. Cost: chunks + changed chunks' rows. */
export function visitChangedRows<T>(from: Rows<T>, to: Rows<T>, visit: (row: T, index: number) => void): void {
  for (let c = 0; c < to.chunks.length; c++) {
    const after = to.chunks[c];
    const before = from.chunks[c];
    if (after === undefined || after === before) continue;
    for (let i = 0; i < after.length; i++) {
      const row = after[i];
      if (row !== undefined && row !== before?.[i]) visit(row, c * CHUNK_ROWS + i);
    }
  }
}

/** One batch of changes to a `Rows`: copies a chunk at its first change, and the spine once. */
export class RowsDraft<T> {
  #base: Rows<T>;
  #chunks: (readonly T[])[] | undefined;
  readonly #own = new Set<T[]>();
  length: number;

  constructor(base: Rows<T>) {
    this.#base = base;
    this.length = base.length;
  }

  at(index: number): T | undefined {
    if (index < 0 || index >= this.length) return undefined;
    return (this.#chunks ?? this.#base.chunks)[Math.floor(index / CHUNK_ROWS)]?.[index % CHUNK_ROWS];
  }

  set(index: number, row: T): void {
    if (index < 0 || index > this.length) throw new RangeError(`row ${index} of ${this.length}`);
    this.#ownChunk(Math.floor(index / CHUNK_ROWS))[index % CHUNK_ROWS] = row;
    if (index === this.length) this.length++;
  }

  /** Appends and returns the new row's index. */
  push(row: T): number {
    this.set(this.length, row);
    return this.length - 1;
  }

  finish(): Rows<T> {
    return this.#chunks === undefined ? this.#base : { length: this.length, chunks: this.#chunks };
  }

  #ownChunk(c: number): T[] {
    this.#chunks ??= [...this.#base.chunks];
    const chunk = this.#chunks[c] as T[] | undefined;
    if (chunk !== undefined && this.#own.has(chunk)) return chunk;
    const copy = chunk === undefined ? [] : [...chunk];
    this.#own.add(copy);
    this.#chunks[c] = copy;
    return copy;
  }
}
