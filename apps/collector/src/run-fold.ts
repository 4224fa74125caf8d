import { spanOf } from '@observe/protocol';
import { createRecordFold, emptyRun, type RunState } from '@observe/run';
import { decodeUtf8, type RawRecord } from '@observe/store';

/** Events folded at once: each fold copies what it touches, so few large ones are cheaper than many small ones. */
const BATCH_EVENTS = 4096;
/** After so long other sockets get their turn. */
const SLICE_MS = 12;
/** Between two slices while lines come in faster than they are folded. */
const FLOOD_PAUSE_MS = 2 * SLICE_MS;

/** What is held for folding. More than that is read back when its turn comes: the fold may lag behind the disk, nobody has to wait for it. */
const HOLD_BYTES = 8 * 1024 * 1024;
/** After a log could not be read back. */
const RETRY_MS = 1000;

/** Records of the log from `fromSeq` up to `toSeq`, which is left out. */
export type ReadBack = (fromSeq: number, toSeq: number) => AsyncIterable<RawRecord>;

/** Folds one log into its state, in slices, in the order of `push`. */
export class RunFold {
  #state: RunState = emptyRun();
  readonly #fold = createRecordFold(decodeUtf8);
  readonly #onChange: () => void;
  readonly #readBack: ReadBack;
  #queue: RawRecord[] = [];
  #queuedBytes = 0;
  /** Seq after the last one queued; below `#headSeq`: what is between has to be read back. */
  #nextSeq = 1;
  /** Seq after the last one pushed. */
  #headSeq = 1;
  #isReadingBack = false;
  /** Something was pushed since the last slice. */
  #isFed = false;
  #isScheduled = false;
  #waiting: { readonly bytes: number; readonly resolve: () => void }[] = [];

  /** `onChange`: after each slice that changed the state. `readBack`: what was pushed is in the log. */
  constructor(readBack: ReadBack, onChange: () => void = () => undefined) {
    this.#readBack = readBack;
    this.#onChange = onChange;
  }

  get state(): RunState {
    return this.#state;
  }

  push(record: RawRecord): void {
    this.#isFed = true;
    const isLagging = this.#isLagging;
    this.#headSeq = Math.max(this.#headSeq, endOf(record));
    if (!isLagging && this.#queuedBytes < HOLD_BYTES) this.#hold(record);
    this.#schedule();
  }

  /** Resolves when all that was pushed is folded. */
  settled(): Promise<void> {
    return this.below(0);
  }

  /** Resolves when at most so many bytes are not folded yet (0: nothing at all), so that a reader keeps a little ahead. */
  below(bytes: number): Promise<void> {
    if (this.#isBelow(bytes)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ bytes, resolve }));
  }

  #isBelow(bytes: number): boolean {
    return bytes === 0 ? this.#queue.length === 0 && !this.#isLagging : this.#queuedBytes <= bytes;
  }

  get #isLagging(): boolean {
    return this.#nextSeq < this.#headSeq;
  }

  #hold(record: RawRecord): void {
    this.#queue.push(record);
    this.#queuedBytes += record.payload.byteLength;
    this.#nextSeq = Math.max(this.#nextSeq, endOf(record));
  }

  async #catchUp(): Promise<void> {
    if (this.#isReadingBack) return;
    this.#isReadingBack = true;
    const before = this.#nextSeq;
    try {
      for await (const record of this.#readBack(before, this.#headSeq)) {
        this.#hold(record);
        this.#schedule();
        if (this.#queuedBytes >= HOLD_BYTES) break;
      }
    } catch {
      // tried again below: who reads the run meets the same fault, and tells it
    }
    this.#isReadingBack = false;
    if (this.#nextSeq === before) setTimeout(() => this.#schedule(), RETRY_MS).unref();
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const slice = (): void => {
      this.#isScheduled = false;
      this.#slice();
    };
    // A flood: the page may lag behind it; most of the processor is for the tests and their pipe.
    if (this.#isLagging && this.#isFed) setTimeout(slice, FLOOD_PAUSE_MS);
    else setImmediate(slice);
    this.#isFed = false;
  }

  #slice(): void {
    const untilMs = performance.now() + SLICE_MS;
    const queue = this.#queue;
    let next = 0;
    while (next < queue.length && performance.now() < untilMs) {
      const batch: RawRecord[] = [];
      for (let events = 0; next < queue.length && events < BATCH_EVENTS; next++) {
        const record = queue[next];
        if (record === undefined) break;
        this.#queuedBytes -= record.payload.byteLength;
        batch.push(record);
        events += spanOf(record.header);
      }
      this.#state = this.#fold(this.#state, batch);
    }
    this.#queue = queue.slice(next);
    if (this.#queue.length > 0) this.#schedule();
    if (this.#isLagging && this.#queuedBytes < HOLD_BYTES / 2) void this.#catchUp();
    if (next > 0) this.#onChange();
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ bytes }) => !this.#isBelow(bytes));
    for (const { bytes, resolve } of waiting) if (this.#isBelow(bytes)) resolve();
  }
}

/** Seq after the record's last. */
const endOf = ({ header }: RawRecord): number => header.seq + spanOf(header);
