import { decodeVarint, varintBytes } from './bytes.ts';
import { MAX_BATCH_BYTES } from './limits.ts';

/** One batch as it stands in the file: events of one thread, or a table. */
export interface Batch {
  readonly generation: number;
  /** Id of the thread; NO_THREAD when the events belong to nobody. */
  readonly thread: number;
  /** Trace clock units. */
  readonly time: number;
  /** 0: none. */
  readonly experiment: number;
  /** The batch's data are `bytes` from `start` to `end`; valid during the call only. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Bytes from the start of the file to the batch's first byte, and to its data. */
  readonly offset: number;
  readonly dataOffset: number;
}

export const NO_THREAD = -1;

/** A thread id as the wire has it: 2^64-1 stands for none. */
export const threadId = (value: number): number => (value >= 2 ** 63 ? NO_THREAD : value);

export interface BatchSink {
  batch(batch: Batch): void;
  /** The byte that ends a generation (1.26). */
  endOfGeneration(offset: number): void;
  /** The framing is broken at this place; nothing more will come. */
  broken(offset: number, message: string): void;
}

const EVENT_BATCH = 1;
const EXPERIMENTAL_BATCH = 49;
const END_OF_GENERATION = 52;
/** Type, experiment and four numbers of ten bytes. */
const MAX_HEAD_BYTES = 42;

/** Cuts a stream of chunks, at any places, into batches. Holds at most one batch that is not whole. */
export class BatchSplitter {
  isBroken = false;
  readonly #sink: BatchSink;
  readonly #hasEndOfGeneration: boolean;
  readonly #rest = new Uint8Array(MAX_HEAD_BYTES + MAX_BATCH_BYTES);
  #restLength = 0;
  /** Of the first byte that was not yet given to the sink. */
  #offset: number;

  constructor(sink: BatchSink, offset: number, hasEndOfGeneration: boolean) {
    this.#sink = sink;
    this.#offset = offset;
    this.#hasEndOfGeneration = hasEndOfGeneration;
  }

  /** Bytes of a batch that is not whole. */
  get restLength(): number {
    return this.#restLength;
  }

  get offset(): number {
    return this.#offset;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    if (this.#restLength > 0) {
      const had = this.#restLength;
      const taken = Math.min(chunk.length, this.#rest.length - had);
      this.#rest.set(chunk.subarray(0, taken), had);
      const used = this.#split(this.#rest, 0, had + taken);
      if (used === 0) {
        this.#restLength = had + taken;
        return;
      }
      this.#restLength = 0;
      at = used - had; // a batch was open, so that at least its end is in the chunk
    }
    at = this.#split(chunk, at, chunk.length);
    if (this.isBroken) return;
    this.#rest.set(chunk.subarray(at));
    this.#restLength = chunk.length - at;
  }

  /** Gives every whole batch to the sink; returns where the first one that is not whole begins. */
  #split(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && !this.isBroken) {
      const size = this.#next(bytes, at, to);
      if (size === 0) break;
      at += size;
      this.#offset += size;
    }
    return this.isBroken ? to : at;
  }

  /** Bytes of the batch at `at`; 0 when it is not whole. */
  #next(bytes: Uint8Array, at: number, to: number): number {
    const type = bytes[at] as number;
    if (type === END_OF_GENERATION && this.#hasEndOfGeneration) {
      this.#sink.endOfGeneration(this.#offset);
      return 1;
    }
    if (type !== EVENT_BATCH && type !== EXPERIMENTAL_BATCH)
      return this.#broken(`expected a batch, found byte ${type}`);
    let pos = at + 1;
    let experiment = 0;
    if (type === EXPERIMENTAL_BATCH) {
      if (pos >= to) return 0;
      experiment = bytes[pos++] as number;
    }
    let generation = 0;
    let thread = 0;
    let time = 0;
    let size = 0;
    for (let field = 0; field < 4; field++) {
      const length = varintBytes(bytes, pos, to);
      if (length === 0) return to - pos >= 10 ? this.#broken('a number of the batch has more than 64 bits') : 0;
      const value = decodeVarint(bytes, pos);
      if (field === 0) generation = value;
      else if (field === 1) thread = threadId(value);
      else if (field === 2) time = value;
      else size = value;
      pos += length;
    }
    if (size > MAX_BATCH_BYTES) return this.#broken(`a batch of ${size} bytes; Go writes at most ${MAX_BATCH_BYTES}`);
    if (generation === 0) return this.#broken('a batch of generation 0');
    if (to - pos < size) return 0;
    this.#sink.batch({
      generation,
      thread,
      time,
      experiment,
      bytes,
      start: pos,
      end: pos + size,
      offset: this.#offset,
      dataOffset: this.#offset + (pos - at),
    });
    return pos + size - at;
  }

  #broken(message: string): number {
    this.isBroken = true;
    this.#sink.broken(this.#offset, message);
    return 0;
  }
}
