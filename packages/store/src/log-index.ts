import type { LogHeader } from '@observe/protocol';
import { StoreError } from './errors.ts';
import { lastLineOf, lastSeqOf, type RawRecord } from './raw-record.ts';

/** Bytes between two entries, at least. A read scans headers over at most this much before its first record. */
const STEP_BYTES = 64 * 1024;

/** Where the records of one log lie: sparse, from seq to offset, and what is needed to go on writing. */
export class LogIndex {
  /** Last seq; 0 = empty. */
  head = 0;
  /** Where the next record begins: bytes of the whole records. */
  end = 0;
  readonly #seqs: number[] = [];
  readonly #offsets: number[] = [];
  readonly #have = new Map<string, number>();

  /** Takes the record at `end`, which ends at `next`. */
  add(header: LogHeader, next: number): void {
    const last = this.#offsets.at(-1);
    if (last === undefined || this.end - last >= STEP_BYTES) {
      this.#seqs.push(header.seq);
      this.#offsets.push(this.end);
    }
    this.head = lastSeqOf(header);
    this.end = next;
    this.#have.set(header.producer, lastLineOf(header));
  }

  /** Last line of this producer; 0 = none. */
  have(producer: string): number {
    return this.#have.get(producer) ?? 0;
  }

  /** Whether `header` is what comes next: no seq missing, no line of its producer a second time. */
  fits(header: LogHeader): boolean {
    return header.seq === this.head + 1 && header.line > this.have(header.producer);
  }

  /**
   * Whether these records are to be appended; false when the log has them already, so that an append may be repeated.
   * Anything else is a StoreError `conflict`, said of `path`.
   */
  accepts(records: readonly RawRecord[], path: string): boolean {
    if (
      records.every(({ header }) => lastSeqOf(header) <= this.head && lastLineOf(header) <= this.have(header.producer))
    )
      return false;
    let seq = this.head + 1;
    const lines = new Map<string, number>();
    for (const { header } of records) {
      const have = lines.get(header.producer) ?? this.have(header.producer);
      if (header.seq !== seq || header.line <= have) {
        const what = `seq ${header.seq}, line ${header.line} of ${header.producer}`;
        throw new StoreError(
          'conflict',
          path,
          `${path} ends with seq ${this.head} and line ${have} of this producer: ${what} does not go on there`,
        );
      }
      seq = lastSeqOf(header) + 1;
      lines.set(header.producer, lastLineOf(header));
    }
    return true;
  }

  /** Offset of a record at or before the one with `seq`; 0 when there is none. */
  offsetBefore(seq: number): number {
    let low = 0;
    let high = this.#seqs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#seqs[middle] ?? Infinity) <= seq) low = middle + 1;
      else high = middle;
    }
    return this.#offsets[low - 1] ?? 0;
  }
}
