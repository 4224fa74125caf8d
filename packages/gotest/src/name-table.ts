const EMPTY = -1;
/** Places looked at for one name. By chance a half-full table needs a dozen; names forged to meet need all, and get no number. */
const MAX_PROBES = 64;
/** A longer name gets no number. */
const MAX_NAME_BYTES = 4096;

export const HASH_SEED = 0x811c9dc5 | 0;
/** The hash of what was hashed to `hash`, and `byte` (FNV-1a). */
export const hashed = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);

/** Numbers for names, as bytes within a scope: 0, 1, 2 … No string is made. */
export class NameTable {
  #ids = new Int32Array(1024).fill(EMPTY);
  #mask = 1023;
  #hashes = new Int32Array(256);
  #scopes = new Int32Array(256);
  /** Where the name begins; it ends where the next one begins. */
  #starts = new Int32Array(257);
  #bytes = new Uint8Array(8192);
  #count = 0;

  /** The number of bytes[from, to) in `scope`, a number given before or -1; -1: it gets none. `hash`: of these bytes, see `hashed`. */
  idOf(bytes: Uint8Array, from: number, to: number, hash: number, scope: number): number {
    const mixed = mix(hash, scope);
    let at = mixed & this.#mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const id = this.#ids[at] as number;
      if (id === EMPTY) return this.#add(bytes, from, to, mixed, scope);
      if (this.#hashes[id] === mixed && this.#scopes[id] === scope && this.endOf(id, bytes, from) === to) return id;
      at = (at + 1) & this.#mask;
    }
    return EMPTY;
  }

  scopeOf(id: number): number {
    return this.#scopes[id] ?? EMPTY;
  }

  /** Where the name `id` ends that stands in `bytes` at `from`; -1 when another is there. */
  endOf(id: number, bytes: Uint8Array, from: number): number {
    const own = this.#bytes;
    const start = this.#starts[id] as number;
    const shift = from - start;
    const end = this.#starts[id + 1] as number;
    // Names that differ mostly do so at their ends.
    for (let at = end - 1; at >= start; at--) if (own[at] !== bytes[at + shift]) return -1;
    return end + shift;
  }

  #add(bytes: Uint8Array, from: number, to: number, mixed: number, scope: number): number {
    const size = to - from;
    const id = this.#count;
    const start = this.#starts[id] as number;
    if (size > MAX_NAME_BYTES || start + size > 0x7fffffff) return EMPTY;
    if (id === this.#hashes.length) {
      this.#hashes = longer(this.#hashes, 2 * id);
      this.#scopes = longer(this.#scopes, 2 * id);
      this.#starts = longer(this.#starts, 2 * id + 1);
    }
    if (start + size > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes.subarray(from, to), start);
    this.#starts[id + 1] = start + size;
    this.#hashes[id] = mixed;
    this.#scopes[id] = scope;
    this.#count++;
    if (2 * this.#count > this.#mask) this.#rehash();
    else this.#place(id);
    return id;
  }

  #rehash(): void {
    this.#ids = new Int32Array(2 * this.#ids.length).fill(EMPTY);
    this.#mask = this.#ids.length - 1;
    for (let id = 0; id < this.#count; id++) this.#place(id);
  }

  #place(id: number): void {
    let at = (this.#hashes[id] as number) & this.#mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      if (this.#ids[at] === EMPTY) {
        this.#ids[at] = id;
        return;
      }
      at = (at + 1) & this.#mask;
    }
  }
}

function mix(hash: number, scope: number): number {
  const h = Math.imul(hash ^ Math.imul(scope + 1, 0x9e3779b1), 0x85ebca6b);
  return h ^ (h >>> 15);
}

function longer(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
