import { createRecordReader, emptyRun, reduceRun, type RunEvent, type RunState } from '@observe/run';
import { textOf, type RawRecord } from '@observe/store';

/** Events folded at once: each fold copies what it touches, so few large ones are cheaper than many small ones. */
const BATCH_EVENTS = 4096;
/** After so long other sockets get their turn. */
const SLICE_MS = 12;

/** Folds one log into its state, in slices, in the order of `push`. */
export class RunFold {
  #state: RunState = emptyRun();
  readonly #reader = createRecordReader();
  readonly #onChange: () => void;
  #queue: RawRecord[] = [];
  #queuedBytes = 0;
  #isScheduled = false;
  #waiting: { readonly bytes: number; readonly resolve: () => void }[] = [];

  /** `onChange`: after each slice that changed the state. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get state(): RunState {
    return this.#state;
  }

  /** What is not folded yet. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  push(record: RawRecord): void {
    this.#queue.push(record);
    this.#queuedBytes += record.payload.byteLength;
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
    return bytes === 0 ? this.#queue.length === 0 : this.#queuedBytes <= bytes;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#slice();
    });
  }

  #slice(): void {
    const untilMs = performance.now() + SLICE_MS;
    const queue = this.#queue;
    let next = 0;
    while (next < queue.length && performance.now() < untilMs) {
      const events: RunEvent[] = [];
      for (; next < queue.length && events.length < BATCH_EVENTS; next++) {
        const record = queue[next];
        if (record === undefined) break;
        this.#queuedBytes -= record.payload.byteLength;
        for (const event of this.#reader.read(textOf(record))) events.push(event);
      }
      this.#state = reduceRun(this.#state, events);
    }
    this.#queue = queue.slice(next);
    if (this.#queue.length > 0) this.#schedule();
    this.#onChange();
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ bytes }) => !this.#isBelow(bytes));
    for (const { bytes, resolve } of waiting) if (this.#isBelow(bytes)) resolve();
  }
}
