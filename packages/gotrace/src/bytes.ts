import { MAX_STRING_BYTES } from './limits.ts';

/** Longest LEB128 number of 64 bits. The runtime pads lengths to it, so shorter spellings are not the only ones. */
export const MAX_VARINT_BYTES = 10;

const TWO_28 = 2 ** 28;
const TWO_56 = 2 ** 56;

/**
 * Reads numbers and bytes from `start` to `end`. A number above 2^53 is rounded. Reading past the end gives 0 and sets
 * `isCut`, so that a caller may read a whole record and ask once.
 */
export class ByteReader {
  isCut = false;
  at: number;
  readonly bytes: Uint8Array;
  readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get isDone(): boolean {
    return this.isCut || this.at >= this.end;
  }

  byte(): number {
    if (this.at >= this.end) {
      this.isCut = true;
      return 0;
    }
    return this.bytes[this.at++] as number;
  }

  varint(): number {
    const { bytes, at } = this;
    // Away from the end nothing can be cut before ten bytes, and four hold nearly all there is.
    if (at + MAX_VARINT_BYTES <= this.end) {
      const b0 = bytes[at] as number;
      if (b0 < 128) {
        this.at = at + 1;
        return b0;
      }
      const b1 = bytes[at + 1] as number;
      if (b1 < 128) {
        this.at = at + 2;
        return (b0 & 127) | (b1 << 7);
      }
      const b2 = bytes[at + 2] as number;
      if (b2 < 128) {
        this.at = at + 3;
        return (b0 & 127) | ((b1 & 127) << 7) | (b2 << 14);
      }
      const b3 = bytes[at + 3] as number;
      if (b3 < 128) {
        this.at = at + 4;
        return (b0 & 127) | ((b1 & 127) << 7) | ((b2 & 127) << 14) | (b3 << 21);
      }
    }
    return this.#slowVarint();
  }

  #slowVarint(): number {
    const length = varintBytes(this.bytes, this.at, this.end);
    if (length === 0) {
      this.isCut = true;
      return 0;
    }
    const value = decodeVarint(this.bytes, this.at);
    this.at += length;
    return value;
  }

  /** A number that may not be rounded. */
  wide(): bigint {
    let value = 0n;
    const length = varintBytes(this.bytes, this.at, this.end);
    if (length === 0) this.isCut = true;
    for (let i = 0; i < length; i++) value |= BigInt((this.bytes[this.at + i] as number) & 127) << BigInt(7 * i);
    this.at += length;
    return BigInt.asUintN(64, value);
  }

  skip(count: number): void {
    if (count > this.end - this.at) this.isCut = true;
    else this.at += count;
  }
}

/** How many bytes the number at `at` has; 0 when it is cut by `end` or longer than 64 bits. */
export function varintBytes(bytes: Uint8Array, at: number, end: number): number {
  const limit = Math.min(end, at + MAX_VARINT_BYTES);
  for (let i = at; i < limit; i++) if ((bytes[i] as number) < 128) return i - at + 1;
  return 0;
}

/** The number at `at`; at most ten bytes are looked at. In three parts, for integers are fast only below 2^31. */
export function decodeVarint(bytes: Uint8Array, at: number): number {
  let low = 0;
  let middle = 0;
  let high = 0;
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    const b = bytes[at + i] as number;
    const bits = b & 127;
    if (i < 4) low |= bits << (7 * i);
    else if (i < 8) middle |= bits << (7 * (i - 4));
    else high |= bits << (7 * (i - 8));
    if (b < 128) break;
  }
  return high * TWO_56 + middle * TWO_28 + low;
}

/** UTF-8 as the runtime wrote it: cut strings may end inside a character, which becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  let at = start;
  while (at < end && (bytes[at] as number) < 0x80) at++;
  // Names are ASCII, and at most 1 kB: one call makes one flat string, which is hashed faster than one that was put together.
  let text = at === start ? '' : String.fromCharCode(...bytes.subarray(start, Math.min(at, start + MAX_STRING_BYTES)));
  at = start + text.length;
  while (at < end) {
    const b = bytes[at] as number;
    if (b < 0x80) {
      text += String.fromCharCode(b);
      at++;
      continue;
    }
    const length = b >= 0xf0 && b < 0xf5 ? 4 : b >= 0xe0 ? 3 : b >= 0xc2 ? 2 : 0;
    let code = length === 0 || b >= 0xf5 ? -1 : b & (0x7f >> length);
    for (let i = 1; i < length && code >= 0; i++) {
      const next = at + i < end ? (bytes[at + i] as number) : 0;
      code = (next & 0xc0) === 0x80 ? (code << 6) | (next & 0x3f) : -1;
    }
    const isShort = (length === 3 && code < 0x800) || (length === 4 && (code < 0x10000 || code > 0x10ffff));
    if (code < 0 || isShort || (code >= 0xd800 && code < 0xe000)) {
      text += '\ufffd';
      at++;
    } else {
      text += String.fromCodePoint(code);
      at += length;
    }
  }
  return text;
}
