import type { ChangeSink, GenerationHead, TableSource } from './changes.ts';
import { NO_ID } from './local-ids.ts';
import type { ExperimentalBatch } from './tables.ts';

/** Changes as numbers: a record has six of 4 bytes (what and how many events before it, slot, two ids, and the time in the last two). */
const WORDS = 6;
/** The longest change has three records; before it may stand ten that only count events. */
const MOST_WORDS = 13 * WORDS;
/** Below these are states: a move. */
const OP = {
  nothing: 0,
  wake: 5,
  release: 6,
  retell: 7,
  destroy: 8,
  create: 9,
  discover: 10,
  gc: 11,
  other: 12,
  sample: 13,
};
/** Events are counted above the bits of the operation. */
const EVENT_BITS = 4;
const MANY_EVENTS = 1 << 26;

const PIECE_WORDS = 16_384 * WORDS;
const PIECE_BYTES = PIECE_WORDS * 4;
const PIECES = 16;

/**
 * Memory that two threads share: pieces of records, written in turn by one and read by the other. The one who writes waits when all
 * pieces are full, so that it may not be a thread that must answer.
 */
export interface SharedLog {
  /** Pieces that were read so far. */
  readonly read: Int32Array<SharedArrayBuffer>;
  readonly pieces: SharedArrayBuffer;
}

export const createSharedLog = (): SharedLog => ({
  read: new Int32Array(new SharedArrayBuffer(4)),
  pieces: new SharedArrayBuffer(PIECES * PIECE_BYTES),
});

/** From the thread that reads bytes to the one that writes tables. */
export type LogMessage =
  | { readonly type: 'begin'; readonly head: GenerationHead; readonly lastNs: number; readonly source: TableSource }
  /** The next piece has so many words. */
  | { readonly type: 'changes'; readonly words: number }
  | {
      readonly type: 'end';
      readonly endOffset: number;
      readonly experimental: readonly ExperimentalBatch[];
      readonly lastNs: number;
      readonly events: number;
    };

/** Writes changes down for another thread. `post` takes messages there, in order. */
export class ChangeWriter implements ChangeSink {
  lastNs = -1;
  events = 0;
  readonly isFull = false;
  readonly #log: SharedLog;
  readonly #post: (message: LogMessage) => void;
  /** Views of the pieces. */
  readonly #words: readonly Int32Array[];
  readonly #wides: readonly Float64Array[];
  /** Pieces that were begun. */
  #pieces = 0;
  #i32: Int32Array;
  #f64: Float64Array;
  #at = 0;
  /** Events before the last record. */
  #told = 0;

  constructor(log: SharedLog, post: (message: LogMessage) => void) {
    this.#log = log;
    this.#post = post;
    const piece = Array.from({ length: PIECES }, (_, i) => i * PIECE_BYTES);
    this.#words = piece.map((at) => new Int32Array(log.pieces, at, PIECE_WORDS));
    this.#wides = piece.map((at) => new Float64Array(log.pieces, at, PIECE_WORDS / 2));
    this.#i32 = this.#words[0] as Int32Array;
    this.#f64 = this.#wides[0] as Float64Array;
  }

  tick(timeNs: number): number {
    this.lastNs = timeNs > this.lastNs ? timeNs : this.lastNs + 1;
    return this.lastNs;
  }

  cut(): void {
    // Never full.
  }

  begin(head: GenerationHead, source: TableSource): void {
    this.events = this.#told = 0;
    this.#post({ type: 'begin', head, lastNs: this.lastNs, source: copyOf(source) });
  }

  end(endOffset: number, experimental: readonly ExperimentalBatch[]): void {
    this.#flush();
    this.#post({ type: 'end', endOffset, experimental, lastNs: this.lastNs, events: this.events });
  }

  move(slot: number, state: number, reason: number, stack: number): void {
    this.#put(state, slot, idOf(reason), idOf(stack));
  }

  release(slot: number): void {
    this.#put(OP.release, slot, 0, 0);
  }

  wake(slot: number, from: number, stack: number): void {
    this.#put(OP.wake, slot, from, idOf(stack));
  }

  retell(slot: number, stack: number): void {
    this.#put(OP.retell, slot, 0, idOf(stack));
  }

  destroy(slot: number): void {
    this.#put(OP.destroy, slot, 0, 0);
  }

  create(slot: number, goid: number, state: number, creator: number, startStack: number, stack: number): void {
    this.#put(OP.create, slot, idOf(startStack), idOf(stack));
    this.#put3(goid, state, creator);
  }

  discover(slot: number, goid: number, state: number, stack: number): void {
    this.#put(OP.discover, slot, state, idOf(stack));
    this.#put3(goid, 0, 0);
  }

  gc(type: number, stack: number): void {
    this.#put(OP.gc, 0, type, idOf(stack));
  }

  other(type: number, slot: number, proc: number, a0: number, a1: number, a2: number, a3: number): void {
    this.#put(OP.other, slot, type, proc);
    this.#put3(a0, a1, a2);
    this.#put3(a3, 0, 0);
  }

  sample(slot: number, goid: number, thread: number, proc: number, stack: number): void {
    this.#put(OP.sample, slot, 0, idOf(stack));
    this.#put3(goid, thread, proc);
  }

  #put(op: number, slot: number, a: number, b: number): void {
    if (this.#at > PIECE_WORDS - MOST_WORDS) this.#flush();
    while (this.events - this.#told > MANY_EVENTS) this.#putRecord(OP.nothing, MANY_EVENTS, 0, 0, 0);
    this.#putRecord(op, this.events - this.#told, slot, a, b);
  }

  #putRecord(op: number, events: number, slot: number, a: number, b: number): void {
    const i32 = this.#i32;
    const at = this.#at;
    i32[at] = op | (events << EVENT_BITS);
    i32[at + 1] = slot;
    i32[at + 2] = a;
    i32[at + 3] = b;
    this.#f64[(at >> 1) + 2] = this.lastNs;
    this.#told += events;
    this.#at = at + WORDS;
  }

  /** The rest of a change; `#put` saw to it that there is room. */
  #put3(a: number, b: number, c: number): void {
    const at = this.#at >> 1;
    this.#f64[at] = a;
    this.#f64[at + 1] = b;
    this.#f64[at + 2] = c;
    this.#at += WORDS;
  }

  #flush(): void {
    if (this.#at === 0) return;
    this.#post({ type: 'changes', words: this.#at });
    this.#at = 0;
    this.#pieces++;
    const { read } = this.#log;
    for (;;) {
      const done = Atomics.load(read, 0);
      if (this.#pieces - done < PIECES) break;
      Atomics.wait(read, 0, done);
    }
    const piece = this.#pieces % PIECES;
    this.#i32 = this.#words[piece] as Int32Array;
    this.#f64 = this.#wides[piece] as Float64Array;
  }
}

/** In 31 bits: larger ids are not there anyway. */
const idOf = (id: number): number => (id > NO_ID ? NO_ID : id);

/** Bytes of the tables alone. */
function copyOf({ bytes, strings, stacks }: TableSource): TableSource {
  const all = [...strings, ...stacks];
  const copied = new Uint8Array(all.reduce((sum, { start, end }) => sum + end - start, 0));
  let at = 0;
  const moved = all.map(({ start, end, fileOffset }) => {
    copied.set(bytes.subarray(start, end), at);
    const batch = { start: at, end: at + end - start, fileOffset };
    at = batch.end;
    return batch;
  });
  return { bytes: copied, strings: moved.slice(0, strings.length), stacks: moved.slice(strings.length) };
}

/** Where changes are made that were written down. */
export type ChangeTarget = ChangeSink & { lastNs: number };

/** Reads what a `ChangeWriter` wrote, in another thread. */
export class ChangePlayer {
  readonly #log: SharedLog;
  readonly #target: ChangeTarget;
  #pieces = 0;
  #events = 0;

  constructor(log: SharedLog, target: ChangeTarget) {
    this.#log = log;
    this.#target = target;
  }

  take(message: LogMessage): void {
    const target = this.#target;
    switch (message.type) {
      case 'begin':
        target.lastNs = message.lastNs;
        this.#events = 0;
        target.begin(message.head, message.source);
        break;
      case 'changes':
        this.#play(message.words);
        this.#pieces++;
        Atomics.add(this.#log.read, 0, 1);
        Atomics.notify(this.#log.read, 0);
        break;
      case 'end':
        this.#pass(message.events - this.#events);
        target.lastNs = message.lastNs;
        target.end(message.endOffset, message.experimental);
        break;
    }
  }

  /** Events came to an end. The tables are looked at after the first: it is the one whose changes were made last. */
  #pass(events: number): void {
    if (events === 0) return;
    const target = this.#target;
    this.#events += events;
    target.events++;
    if (target.isFull) target.cut();
    target.events += events - 1;
  }

  #play(words: number): void {
    const { pieces } = this.#log;
    const at0 = (this.#pieces % PIECES) * PIECE_BYTES;
    const i32 = new Int32Array(pieces, at0, words);
    const f64 = new Float64Array(pieces, at0, words / 2);
    const target = this.#target;
    for (let at = 0; at < words; at += WORDS) {
      const code = i32[at] as number;
      const slot = i32[at + 1] as number;
      const a = i32[at + 2] as number;
      const b = i32[at + 3] as number;
      const wide = at >> 1;
      if (code >> EVENT_BITS !== 0) this.#pass(code >> EVENT_BITS);
      target.lastNs = f64[wide + 2] as number;
      const op = code & ((1 << EVENT_BITS) - 1);
      switch (op) {
        case OP.nothing:
          break;
        case OP.wake:
          target.wake(slot, a, b);
          break;
        case OP.release:
          target.release(slot);
          break;
        case OP.retell:
          target.retell(slot, b);
          break;
        case OP.destroy:
          target.destroy(slot);
          break;
        case OP.create:
          target.create(slot, f64[wide + 3] as number, f64[wide + 4] as number, f64[wide + 5] as number, a, b);
          at += WORDS;
          break;
        case OP.discover:
          target.discover(slot, f64[wide + 3] as number, a, b);
          at += WORDS;
          break;
        case OP.gc:
          target.gc(a, b);
          break;
        case OP.other:
          this.#playOther(f64, wide + 3, slot, a, b);
          at += 2 * WORDS;
          break;
        case OP.sample:
          target.sample(slot, f64[wide + 3] as number, f64[wide + 4] as number, f64[wide + 5] as number, b);
          at += WORDS;
          break;
        default:
          target.move(slot, op, a, b);
      }
    }
  }

  #playOther(f64: Float64Array, at: number, slot: number, type: number, proc: number): void {
    const [a0 = 0, a1 = 0, a2 = 0, a3 = 0] = f64.subarray(at, at + 4);
    this.#target.other(type, slot, proc, a0, a1, a2, a3);
  }
}
