import { NO_THREAD, type Batch } from './batches.ts';
import { F64Column, I32Column } from './columns.ts';
import { IdMap } from './id-map.ts';
import type { TableBatch, TableSource } from './changes.ts';
import type { ExperimentalBatch } from './tables.ts';

/** What a batch costs here beside its bytes; counted against the limit, since a batch may be empty. */
const BATCH_COST_BYTES = 64;
/** Behind the last batch: a number that is cut is read on, and found out afterwards. */
const SLACK_BYTES = 16;

/**
 * The batches of one generation, as they came: bytes in one piece, and where each batch lies. Strings and stacks stand at the
 * end of a generation, so nothing can be read before it is whole. One buffer serves all generations.
 */
export class GenerationBuffer {
  /** 0: no batch came yet. */
  number = 0;
  offset = 0;
  endOffset = 0;
  bytes = new Uint8Array(1 << 16);
  length = 0;
  /** Batches that met the limit. */
  dropped = 0;
  /** Least time of a batch: the generation's start. Trace clock units. */
  minTime = Number.POSITIVE_INFINITY;
  /** By batch. */
  readonly start = new I32Column();
  readonly end = new I32Column();
  readonly time = new F64Column();
  readonly fileOffset = new F64Column();
  /** The next batch of the same thread; -1: none. */
  readonly next = new I32Column();
  /** By thread, in the order in which they first appear. */
  readonly thread = new F64Column();
  readonly firstBatch = new I32Column();
  readonly #lastBatch = new I32Column();
  readonly #threadRows = new IdMap();
  /** Batches that are tables. */
  readonly strings: number[] = [];
  readonly stacks: number[] = [];
  readonly samples: number[] = [];
  readonly clocks: number[] = [];
  experimental: ExperimentalBatch[] = [];
  readonly #limitBytes: number;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  begin(number: number, offset: number): void {
    this.number = number;
    this.offset = this.endOffset = offset;
    this.length = this.dropped = 0;
    this.minTime = Number.POSITIVE_INFINITY;
    this.start.length = this.end.length = this.time.length = this.fileOffset.length = this.next.length = 0;
    this.thread.length = this.firstBatch.length = this.#lastBatch.length = 0;
    this.#threadRows.clear();
    this.strings.length = this.stacks.length = this.samples.length = this.clocks.length = 0;
    this.experimental = [];
  }

  add(batch: Batch): void {
    const size = batch.end - batch.start;
    this.endOffset = batch.dataOffset + size;
    if (batch.time < this.minTime) this.minTime = batch.time;
    if (size === 0) return;
    if (this.length + size + (this.start.length + 1) * BATCH_COST_BYTES > this.#limitBytes) {
      this.dropped++;
      return;
    }
    if (batch.experiment !== 0) {
      const data = batch.bytes.slice(batch.start, batch.end);
      this.experimental.push({ experiment: batch.experiment, thread: batch.thread, data });
      return;
    }
    this.#reserve(size);
    this.bytes.set(batch.bytes.subarray(batch.start, batch.end), this.length);
    const row = this.start.length;
    this.start.push(this.length);
    this.length += size;
    this.end.push(this.length);
    this.time.push(batch.time);
    this.fileOffset.push(batch.dataOffset);
    this.next.push(-1);
    this.#sort(row, batch);
  }

  /** What is needed to read the strings and stacks. */
  tables(): TableSource {
    return { bytes: this.bytes, strings: this.strings.map(this.place), stacks: this.stacks.map(this.place) };
  }

  /** Where a byte of the buffer, of this batch, stands in the file. */
  offsetOf(batch: number, at: number): number {
    return (this.fileOffset.values[batch] as number) + at - (this.start.values[batch] as number);
  }

  readonly place = (batch: number): TableBatch => ({
    start: this.start.values[batch] as number,
    end: this.end.values[batch] as number,
    fileOffset: this.fileOffset.values[batch] as number,
  });

  /** The first byte tells what a batch is. */
  #sort(row: number, batch: Batch): void {
    switch (batch.bytes[batch.start]) {
      case 4:
        this.strings.push(row);
        return;
      case 2:
        this.stacks.push(row);
        return;
      case 6:
        this.samples.push(row);
        return;
      case 8: // a frequency alone, before 1.25
      case 50:
        this.clocks.push(row);
        return;
      default:
        this.#chain(row, batch.thread);
    }
  }

  /** The order of a thread's batches in the file is the order of its events, whatever their times say. */
  #chain(row: number, thread: number): void {
    const key = thread === NO_THREAD ? 0 : thread + 1;
    const cursor = this.#threadRows.get(key);
    if (cursor >= 0) {
      this.next.values[this.#lastBatch.values[cursor] as number] = row;
      this.#lastBatch.values[cursor] = row;
      return;
    }
    this.#threadRows.set(key, this.thread.length);
    this.thread.push(thread);
    this.firstBatch.push(row);
    this.#lastBatch.push(row);
  }

  #reserve(size: number): void {
    if (this.length + size + SLACK_BYTES <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + size + SLACK_BYTES, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
