import type { LinesHeader, LogHeader, LogRecord } from '@observe/protocol';
import { lastSeqOf, textOf, type FileLog, type RawRecord } from '@observe/store';

/** A log on disk: the spool's, or that of a run whose one writer we are. */
export type DiskLog = Pick<FileLog, 'head' | 'appendSync' | 'keepUnfinished' | 'read'>;

/** What memory may hold of a run that the disk does not take. */
const MEMORY_BYTES = 64 * 1024 * 1024;

/**
 * What the pipe has read: on disk as long as that works, after that in memory up to a limit, after that not at all.
 * Whatever happens, appending neither throws nor waits: the tests must not notice. `seq` equals `line`.
 */
export class KeptLog {
  readonly #disk: DiskLog | undefined;
  readonly #memoryBytes: number;
  /** What the disk did not take, in order; the first are dropped when they are acknowledged and room is needed. */
  #memory: RawRecord[] = [];
  #bytes = 0;
  #acknowledged = 0;
  #isDiskGone: boolean;
  #head: number;
  #notKept = 0;
  #fault: unknown;

  constructor(disk: DiskLog | undefined, { memoryBytes = MEMORY_BYTES } = {}) {
    this.#disk = disk;
    this.#memoryBytes = memoryBytes;
    this.#isDiskGone = disk === undefined;
    this.#head = disk?.head ?? 0;
  }

  /** Last line that is kept. */
  get head(): number {
    return this.#head;
  }

  /** Why the disk takes no more; undefined while it does. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Lines that are neither on disk nor in memory: those after `head`. */
  get notKept(): number {
    return this.#notKept;
  }

  /** Lines that are in memory only: gone with this process, unless somebody takes them first. */
  get inMemory(): number {
    return this.#head - (this.#disk?.head ?? 0);
  }

  /** Whether memory is about to be full: a reader that must see every line holds the input now. */
  get isNearlyFull(): boolean {
    return this.#bytes > this.#memoryBytes / 2;
  }

  append(record: RawRecord): void {
    const lines = lastSeqOf(record.header) - record.header.seq + 1;
    if (!this.#isDiskGone && this.#write(record)) {
      this.#head += lines;
    } else if (this.#notKept === 0 && this.#remember(record)) {
      this.#head += lines;
    } else {
      this.#notKept += lines; // and all that follows: a log has no gaps
    }
  }

  /** See FileLog. Where the disk does not take it, the line is kept once it has ended, or that is told. */
  keepUnfinished(header: LogHeader & LinesHeader, added: Uint8Array): void {
    if (this.#isDiskGone) return;
    try {
      this.#disk?.keepUnfinished(header, added);
    } catch {
      // the next append meets the same fault
    }
  }

  /** A collector has everything up to `line`. */
  acknowledge(line: number): void {
    this.#acknowledged = line;
  }

  /** Whole records that touch [fromSeq, toSeq), as far as they are still there. */
  async *read(fromSeq: number, toSeq: number): AsyncGenerator<RawRecord> {
    const memory = this.#memory;
    if (this.#disk !== undefined && fromSeq <= this.#disk.head) yield* this.#disk.read(fromSeq, toSeq);
    for (let i = firstAfter(memory, fromSeq); i < memory.length; i++) {
      const record = memory[i];
      if (record === undefined || record.header.seq >= toSeq) return;
      yield record;
    }
  }

  /** As text: a LogSource of packages/query. */
  async *readText(fromSeq: number, toSeq: number): AsyncGenerator<LogRecord> {
    for await (const record of this.read(fromSeq, toSeq)) yield textOf(record);
  }

  #write(record: RawRecord): boolean {
    try {
      this.#disk?.appendSync([record]);
      return true;
    } catch (error) {
      this.#fault = error;
      this.#isDiskGone = true;
      return false;
    }
  }

  #remember(record: RawRecord): boolean {
    if (this.#bytes + record.payload.byteLength > this.#memoryBytes) this.#forgetAcknowledged();
    if (this.#bytes + record.payload.byteLength > this.#memoryBytes) return false;
    this.#memory.push(record);
    this.#bytes += record.payload.byteLength;
    return true;
  }

  #forgetAcknowledged(): void {
    const from = firstAfter(this.#memory, this.#acknowledged + 1);
    // A new array: a read that is under way goes on in the old one.
    this.#memory = this.#memory.slice(from);
    this.#bytes = this.#memory.reduce((sum, { payload }) => sum + payload.byteLength, 0);
  }
}

/** Index of the first record that reaches `seq`. */
function firstAfter(records: readonly RawRecord[], seq: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const record = records[middle];
    if (record !== undefined && lastSeqOf(record.header) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
