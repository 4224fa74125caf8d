/** Bytes to be compared: as such, and eight at a time. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export const linesOf = (bytes: Uint8Array): Lines => ({
  // A Buffer of Node is a class of its own: code that meets one kind of array is faster.
  bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
});

export const ascii = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (c) => c.charCodeAt(0));

/**
 * Eight ASCII characters or more, as the floating-point numbers that each eight of them make; the last eight may overlap.
 * Such numbers are equal when their bytes are, and only then: ASCII makes neither a zero nor a NaN.
 */
export interface Spelling {
  readonly length: number;
  readonly words: Float64Array;
}

export function spell(text: string): Spelling {
  const view = new DataView(ascii(text).buffer);
  const words: number[] = [];
  for (let at = 0; at + 8 < text.length; at += 8) words.push(view.getFloat64(at));
  return { length: text.length, words: Float64Array.from([...words, view.getFloat64(text.length - 8)]) };
}

export function hasSpelling(view: DataView, at: number, { length, words }: Spelling): boolean {
  if (at + length > view.byteLength) return false;
  const last = words.length - 1;
  for (let i = 0; i < last; i++) if (view.getFloat64(at + 8 * i) !== words[i]) return false;
  return view.getFloat64(at + length - 8) === words[last];
}

/**
 * Whether `length` bytes, eight at least, are the same at both places. Those at `a` are no control characters, so that no
 * eight of them make a zero; others than ASCII may make a NaN, and then they are said to differ.
 */
export function isSame(view: DataView, a: number, b: number, length: number): boolean {
  if (b + length > view.byteLength) return false;
  let k = length - 8; // names that differ mostly do so at their ends
  for (; k > 0; k -= 8) if (view.getFloat64(a + k) !== view.getFloat64(b + k)) return false;
  return view.getFloat64(a) === view.getFloat64(b);
}

/** For few bytes. */
export function hasBytes(bytes: Uint8Array, at: number, value: Uint8Array): boolean {
  for (let i = 0; i < value.length; i++) if (bytes[at + i] !== value[i]) return false;
  return true;
}

/** 1 for each byte of which `has` is true. */
export const byteTable = (has: (byte: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (has(byte) ? 1 : 0));

/** What stands at some place, read by hand: where it ends, or -1. */
export class NumberReader {
  value = 0;

  /** A decimal number of at most 14 characters; with `needsDot`, one that has a fraction. */
  read(bytes: Uint8Array, from: number, needsDot: boolean): number {
    let value = 0;
    let at = from;
    let dot = -1;
    for (; at < from + MAX_NUMBER; at++) {
      const unit = (bytes[at] as number) - ZERO;
      if (unit >= 0 && unit <= 9) value = value * 10 + unit;
      else if (unit === DOT - ZERO && dot < 0 && at > from) dot = at;
      else break;
    }
    if (at === from || at === dot + 1 || at === from + MAX_NUMBER || (needsDot && dot < 0)) return -1;
    if (bytes[from] === ZERO && at > from + 1 && dot !== from + 1) return -1; // JSON has no 01
    // Both are exact, so their quotient is the number nearest to what is written.
    this.value = dot < 0 ? value : value / (POWERS[at - 1 - dot] as number);
    return at;
  }
}

const [DOT, ZERO] = [46, 48];
const MAX_NUMBER = 15;
const POWERS = Array.from({ length: MAX_NUMBER }, (_, power) => 10 ** power);
