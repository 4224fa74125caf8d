import type { LogRecord } from '@observe/protocol';
import type { LogSource } from '@observe/query';
import { LogScan, recordIn, recordText } from './log-scan.ts';

/** Inflated pieces kept at hand: output is read forward, and around one place. */
const KEPT_PIECES = 8;

/** Inflates one gzip member under a limit. Rejects when it is damaged, or more than `limitBytes`. */
export async function inflate(packed: Uint8Array<ArrayBuffer>, limitBytes: number): Promise<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const bytes = new Uint8Array(limitBytes);
  let length = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.byteLength > limitBytes) {
      await reader.cancel();
      throw new Error(`a piece of the log is longer than the ${limitBytes} bytes it says`);
    }
    bytes.set(value, length);
    length += value.byteLength;
  }
  return bytes.subarray(0, length);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** A log that stays compressed: a piece is inflated when it is read, and again when it is read much later. `sizes`: of the pieces, inflated. */
export class PackedLog implements LogSource {
  readonly #scan = new LogScan();
  readonly #pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly #sizes: readonly number[];
  readonly #starts: readonly number[];
  /** Insertion order is order of use. */
  readonly #kept = new Map<number, Promise<Uint8Array>>();

  constructor(sizes: readonly number[], pieces: readonly Uint8Array<ArrayBuffer>[]) {
    this.#pieces = pieces;
    this.#sizes = sizes;
    let start = 0;
    this.#starts = this.#sizes.map((size) => (start += size) - size);
  }

  /** All records in order, once, to be folded; the log remembers where they lie. */
  async *scan(): AsyncGenerator<{
    readonly records: readonly LogRecord[];
    readonly done: number;
    readonly total: number;
  }> {
    const total = this.#sizes.reduce((sum, size) => sum + size, 0);
    for (let piece = 0; piece < this.#pieces.length; piece++) {
      const bytes = await this.#piece(piece);
      yield { records: this.#scan.push(bytes), done: (this.#starts[piece] ?? 0) + bytes.byteLength, total };
    }
  }

  async *read(fromSeq: number, toSeq: number): AsyncGenerator<LogRecord> {
    for (let i = this.#scan.find(fromSeq); i < this.#scan.places.length; i++) {
      const place = this.#scan.places[i];
      if (place === undefined || place.firstSeq >= toSeq) return;
      const record = recordIn(await this.#bytes(place.offset, place.bytes));
      if (record !== undefined) yield recordText(record.header, record.payload);
    }
  }

  /** A record may lie across pieces. */
  async #bytes(offset: number, length: number): Promise<Uint8Array> {
    const first = this.#pieceAt(offset);
    const start = this.#starts[first] ?? 0;
    const bytes = await this.#piece(first);
    if (offset + length <= start + bytes.byteLength) return bytes.subarray(offset - start, offset - start + length);
    const joined = new Uint8Array(length);
    for (let piece = first, filled = 0; filled < length && piece < this.#pieces.length; piece++) {
      const from = offset + filled - (this.#starts[piece] ?? 0);
      const part = (await this.#piece(piece)).subarray(from, from + length - filled);
      joined.set(part, filled);
      filled += part.byteLength;
    }
    return joined;
  }

  #pieceAt(offset: number): number {
    let piece = 0;
    while (piece + 1 < this.#starts.length && (this.#starts[piece + 1] ?? 0) <= offset) piece++;
    return piece;
  }

  #piece(index: number): Promise<Uint8Array> {
    const inflated =
      this.#kept.get(index) ?? inflate(this.#pieces[index] ?? new Uint8Array(0), this.#sizes[index] ?? 0);
    this.#kept.delete(index);
    this.#kept.set(index, inflated);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > KEPT_PIECES && oldest.done !== true) this.#kept.delete(oldest.value);
    return inflated;
  }
}
