import { decodeVarint, varintBytes } from './bytes.ts';
import type { FaultList } from './fault.ts';
import type { Frontier } from './frontier.ts';
import type { GenerationBuffer } from './generation.ts';
import { ARG_COUNTS, eventName, NOT_TIMED } from './spec.ts';
import type { TraceClock } from './clock.ts';

/** Where each thread of a generation stands in its batches, and the event it stands at. */
export class Cursors {
  count = 0;
  /** By cursor: type of the next event. Its time is in the frontier. */
  type = new Uint8Array(64);
  /** Arguments of the event last decoded. */
  a0 = 0;
  a1 = 0;
  a2 = 0;
  a3 = 0;
  a4 = 0;
  #batch = new Int32Array(64);
  /** Of the next event's arguments. */
  #pos = new Int32Array(64);
  #end = new Int32Array(64);
  #bytes: Uint8Array = new Uint8Array(0);
  /** Where `#varint` reads. */
  #at = 0;
  #limit = 0;
  #generation: GenerationBuffer;
  readonly #clock: TraceClock;
  readonly #frontier: Frontier;
  readonly #faults: FaultList;

  constructor(generation: GenerationBuffer, clock: TraceClock, frontier: Frontier, faults: FaultList) {
    this.#generation = generation;
    this.#clock = clock;
    this.#frontier = frontier;
    this.#faults = faults;
  }

  /** One cursor a thread, each at its first event; threads without events have none in the frontier. */
  begin(): void {
    const generation = this.#generation;
    this.#bytes = generation.bytes;
    this.count = generation.thread.length;
    this.#frontier.reset(this.count);
    if (this.type.length < this.count) {
      this.type = new Uint8Array(this.count * 2);
      this.#batch = new Int32Array(this.count * 2);
      this.#pos = new Int32Array(this.count * 2);
      this.#end = new Int32Array(this.count * 2);
    }
    for (let cursor = 0; cursor < this.count; cursor++) {
      this.#enter(cursor, generation.firstBatch.values[cursor] as number);
      if (this.next(cursor)) this.#frontier.insert(cursor);
    }
  }

  /** Time of the next event, ns. */
  timeNs(cursor: number): number {
    return this.#frontier.timeNs[cursor] as number;
  }

  /** Goes to the next event; false: the thread has no more. */
  next(cursor: number): boolean {
    for (;;) {
      const pos = this.#pos[cursor] as number;
      const end = this.#end[cursor] as number;
      if (pos >= end) {
        const batch = this.#generation.next.values[this.#batch[cursor] as number] as number;
        if (batch < 0) return false;
        this.#enter(cursor, batch);
        continue;
      }
      const type = this.#bytes[pos] as number;
      this.#at = pos + 1;
      this.#limit = end;
      const dt = this.#varint();
      if (this.#at > end || ARG_COUNTS[type] === NOT_TIMED) {
        this.#bad(
          cursor,
          pos,
          ARG_COUNTS[type] === NOT_TIMED ? `${eventName(type)} has no place here` : 'an event is cut',
        );
        continue;
      }
      this.type[cursor] = type;
      this.#pos[cursor] = this.#at;
      const { timeNs } = this.#frontier;
      timeNs[cursor] = (timeNs[cursor] as number) + Math.floor(dt * this.#clock.nsPerUnit);
      return true;
    }
  }

  /** Reads the event's arguments; false: they are cut, and the batch is over. `accept` goes behind them. */
  decode(cursor: number): boolean {
    const count = ARG_COUNTS[this.type[cursor] as number] as number;
    this.#at = this.#pos[cursor] as number;
    this.#limit = this.#end[cursor] as number;
    if (count > 0) {
      this.a0 = this.#varint();
      if (count > 1) {
        this.a1 = this.#varint();
        if (count > 2) {
          this.a2 = this.#varint();
          if (count > 3) {
            this.a3 = this.#varint();
            if (count > 4) this.a4 = this.#varint();
          }
        }
      }
    }
    if (this.#at <= this.#limit) return true;
    this.#bad(cursor, this.#pos[cursor] as number, 'an event is cut');
    return false;
  }

  /** Goes behind the arguments that `decode` read last. */
  accept(cursor: number): void {
    this.#pos[cursor] = this.#at;
  }

  /** Place in the file of the event that the cursor stands at (of its arguments). */
  offsetOf(cursor: number): number {
    return this.#generation.offsetOf(this.#batch[cursor] as number, this.#pos[cursor] as number);
  }

  #enter(cursor: number, batch: number): void {
    const generation = this.#generation;
    this.#batch[cursor] = batch;
    this.#pos[cursor] = generation.start.values[batch] as number;
    this.#end[cursor] = generation.end.values[batch] as number;
    this.#frontier.timeNs[cursor] = this.#clock.ns(generation.time.values[batch] as number);
  }

  #bad(cursor: number, pos: number, what: string): void {
    const offset = this.#generation.offsetOf(this.#batch[cursor] as number, pos);
    this.#faults.add('bad-event', offset, `${what}; the rest of its batch is lost`);
    this.#pos[cursor] = this.#end[cursor] as number;
  }

  /** Most numbers have one byte, two or three. May read past the batch: the caller looks where it came out. */
  #varint(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    const b0 = bytes[at] as number;
    if (b0 < 128) {
      this.#at = at + 1;
      return b0;
    }
    const b1 = bytes[at + 1] as number;
    if (b1 < 128) {
      this.#at = at + 2;
      return (b0 & 127) | (b1 << 7);
    }
    const b2 = bytes[at + 2] as number;
    if (b2 < 128) {
      this.#at = at + 3;
      return (b0 & 127) | ((b1 & 127) << 7) | (b2 << 14);
    }
    return this.#long();
  }

  #long(): number {
    const length = varintBytes(this.#bytes, this.#at, this.#limit);
    if (length === 0) {
      this.#at = this.#limit + 1;
      return 0;
    }
    const value = decodeVarint(this.#bytes, this.#at);
    this.#at += length;
    return value;
  }
}
