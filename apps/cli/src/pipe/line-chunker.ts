import { MAX_LINE_BYTES } from '@observe/protocol';

/** Whole lines as one range of bytes, as they came. */
export interface LineChunk {
  readonly bytes: Uint8Array;
  /** Lines in it; a cut one counts. */
  readonly count: number;
  /** One line without its newline: a piece of one that is too long, or the input ended there. */
  readonly isCut: boolean;
}

export interface LineLimits {
  /** A longer line is handed on in pieces. */
  readonly maxLineBytes: number;
  readonly pieceBytes: number;
}

const NEWLINE = 0x0a;
const LIMITS: LineLimits = { maxLineBytes: MAX_LINE_BYTES, pieceBytes: 1024 * 1024 };

/**
 * Splits a stream of bytes at its newlines: as few chunks as possible, and the same lines however the stream is cut.
 * Holds one line at most. A chunk is a view of what was pushed where that is possible.
 */
export class LineChunker {
  readonly #limits: LineLimits;
  /** The line that has begun; of one that is too long, what was not handed on yet. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #isLong = false;

  constructor(limits: LineLimits = LIMITS) {
    this.#limits = limits;
  }

  push(bytes: Uint8Array): LineChunk[] {
    const chunks: LineChunk[] = [];
    // In slices, so that what is held and what comes fit one record together.
    for (let at = 0; at < bytes.length; at += this.#limits.pieceBytes) {
      this.#pushSlice(bytes.subarray(at, at + this.#limits.pieceBytes), chunks);
    }
    return chunks;
  }

  /** How much of a line is held that has not ended. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The input has ended: the torn last line, if there is one. */
  end(): LineChunk[] {
    const chunks: LineChunk[] = [];
    if (this.#heldBytes > 0) chunks.push({ bytes: this.#take(), count: 1, isCut: true });
    this.#isLong = false;
    return chunks;
  }

  #pushSlice(bytes: Uint8Array, chunks: LineChunk[]): void {
    let from = 0;
    if (this.#isLong || this.#heldBytes > 0) {
      const end = bytes.indexOf(NEWLINE) + 1;
      if (end === 0 || this.#isLong || this.#heldBytes + end - 1 > this.#limits.maxLineBytes) {
        from = end === 0 ? bytes.length : end;
        this.#hold(bytes.subarray(0, from));
        this.#spill(chunks, end > 0);
      }
    }
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > from) {
      this.#hold(bytes.subarray(from, end));
      const whole = this.#take();
      chunks.push({ bytes: whole, count: countNewlines(whole), isCut: false });
      from = end;
    }
    if (from < bytes.length) {
      this.#hold(bytes.subarray(from));
      this.#spill(chunks, false);
    }
  }

  /** Hands on what is held of a line that is too long, in pieces; the rest too when the line ends there. */
  #spill(chunks: LineChunk[], isLineEnd: boolean): void {
    const { maxLineBytes, pieceBytes } = this.#limits;
    if (!this.#isLong && this.#heldBytes - (isLineEnd ? 1 : 0) <= maxLineBytes) return;
    this.#isLong = true;
    if (!isLineEnd && this.#heldBytes < pieceBytes) return;
    let held = this.#take();
    while (held.length - (isLineEnd ? 1 : 0) >= pieceBytes) {
      chunks.push({ bytes: held.subarray(0, pieceBytes), count: 1, isCut: true });
      held = held.subarray(pieceBytes);
    }
    if (isLineEnd) {
      chunks.push({ bytes: held, count: 1, isCut: false });
      this.#isLong = false;
    } else if (held.length > 0) this.#hold(held);
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #take(): Uint8Array {
    const [first] = this.#held;
    const bytes = this.#held.length === 1 && first !== undefined ? first : Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return bytes;
  }
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
