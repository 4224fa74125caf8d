import { ascii, byteTable, hasBytes, hasSpelling, NumberReader, spell, type Lines } from './byte-match.ts';
import { FLAG, KIND } from './line-columns.ts';

/** Reads an output and its type: how long it is, and whether it is a frame of its own test. One object, overwritten by each. */
export class OutputReader {
  kind: number = KIND.other;
  flags = 0;
  /** UTF-16 code units, a newline at the end included. */
  chars = 0;
  /** Seconds, of a result; else NaN. */
  elapsed = NaN;
  /** Where the text ends, without its newline. */
  #textEnd = 0;
  /** `--- ` or `=== ` is in the text, not at its beginning. */
  #hasMark = false;
  readonly #number = new NumberReader();

  /**
   * Reads the text that begins at `from`; its test's name is bytes[nameAt, nameEnd). Returns where the last field ends;
   * -1 when the text is not ASCII, or escapes what it need not.
   */
  read(lines: Lines, from: number, nameAt: number, nameEnd: number): number {
    const { bytes, view } = lines;
    const close = this.#readText(bytes, from);
    if (close < 0) return -1;
    let at = close + 1;
    if (bytes[at] === COMMA) {
      const type = hasSpelling(view, at, FRAME_TYPE)
        ? FRAME_TYPE
        : hasSpelling(view, at, ERROR_TYPE)
          ? ERROR_TYPE
          : MORE;
      if (type === MORE && !hasSpelling(view, at, type)) return -1;
      this.flags |= type === FRAME_TYPE ? FLAG.hasOutputType | FLAG.isFrame : FLAG.hasOutputType;
      at += type.length;
    }
    this.elapsed = NaN;
    this.kind = this.#kindOf(bytes, from, nameAt, nameEnd);
    return at;
  }

  /** Where the quote is that ends the text. */
  #readText(bytes: Uint8Array, from: number): number {
    let extra = 0;
    let newlineEnd = -1;
    this.#hasMark = false;
    for (let at = from; ; at++) {
      const byte = bytes[at] as number;
      if (IS_TEXT[byte] === 1) continue;
      if (byte === QUOTE) {
        const endsLine = newlineEnd === at;
        this.flags = endsLine ? FLAG.endsLine : 0;
        this.chars = at - from - extra;
        this.#textEnd = endsLine ? at - 2 : at;
        return at;
      }
      if (byte === BACKSLASH) {
        const escaped = bytes[++at] as number;
        extra++;
        if (escaped === LOWER_N) newlineEnd = at + 1;
        if (escaped !== LOWER_U) {
          if (IS_ESCAPE[escaped] !== 1) return -1;
        } else {
          if (!isCalm(bytes, at + 1)) return -1;
          extra += 4;
          at += 4;
        }
      } else if (byte === DASH || byte === EQUALS) {
        const isMark = bytes[at + 1] === byte && bytes[at + 2] === byte && bytes[at + 3] === SPACE;
        if (isMark && at > from) this.#hasMark = true;
      } else return -1;
    }
  }

  /** What the text says: the rules of frame.ts and head.ts, with `other` where they would have to look closer. */
  #kindOf(bytes: Uint8Array, from: number, nameAt: number, nameEnd: number): number {
    switch (bytes[from]) {
      case EQUALS: {
        if (!hasBytes(bytes, from, STEP)) return KIND.other;
        const isFrame = (this.flags & FLAG.isFrame) !== 0;
        return isFrame || this.#isStep(bytes, from, nameAt, nameEnd) ? KIND.step : KIND.other;
      }
      case SPACE:
      case DASH: {
        let at = from;
        while (bytes[at] === SPACE) at++;
        if (hasBytes(bytes, at, RESULT)) return this.#readResult(bytes, at + RESULT.length, nameAt, nameEnd);
        if (bytes[from] === DASH || hasBytes(bytes, at, TESTING)) return KIND.other;
        break;
      }
      default:
        for (const head of HEADS) if (hasBytes(bytes, from, head)) return KIND.other;
    }
    return this.#hasMark ? KIND.other : KIND.plain;
  }

  /** `=== RUN   TestA`, and nothing after it. */
  #isStep(bytes: Uint8Array, from: number, nameAt: number, nameEnd: number): boolean {
    if (!STEPS.some((step) => hasBytes(bytes, from, step))) return false;
    const at = from + STEP_BYTES;
    return this.#textEnd - at === nameEnd - nameAt && isPlainName(bytes, nameAt, nameEnd, at);
  }

  /** `PASS: TestA (0.05s)` */
  #readResult(bytes: Uint8Array, from: number, nameAt: number, nameEnd: number): number {
    const mark = MARKS.findIndex((spelling) => hasBytes(bytes, from, spelling));
    let at = from + MARK_BYTES;
    if (mark < 0 || !isPlainName(bytes, nameAt, nameEnd, at)) return KIND.other;
    at += nameEnd - nameAt;
    if (bytes[at] !== SPACE || bytes[at + 1] !== OPEN_PARENTHESIS) return KIND.other;
    at = this.#number.read(bytes, at + 2, true);
    if (at < 0 || at + 2 !== this.#textEnd || bytes[at] !== LOWER_S || bytes[at + 1] !== CLOSE_PARENTHESIS) {
      return KIND.other;
    }
    this.elapsed = this.#number.value;
    return KIND.passed + mark;
  }
}

/** Is the name also at `at`, and of ASCII without escapes? */
function isPlainName(bytes: Uint8Array, nameAt: number, nameEnd: number, at: number): boolean {
  const shift = at - nameAt;
  for (let k = nameEnd - 1; k >= nameAt; k--) {
    const byte = bytes[k] as number;
    if (byte !== bytes[k + shift] || byte >= 0x80 || byte === BACKSLASH) return false;
  }
  return true;
}

/** Four digits of an escape with which nothing can be spelled that the fold looks for. Of those that Go writes, all but U+0016. */
function isCalm(bytes: Uint8Array, at: number): boolean {
  for (let k = at; k < at + 4; k++) if (IS_HEX[bytes[k] as number] !== 1) return false;
  return bytes[at] !== ZERO || bytes[at + 1] !== ZERO || CALM.some((digits) => hasBytes(bytes, at + 2, digits));
}
/** Escape (of colours), `<`, `>`, `&`. */
const CALM = ['1b', '3c', '3e', '26'].map(ascii);

const [FRAME_TYPE, ERROR_TYPE] = [spell(',"OutputType":"frame"'), spell(',"OutputType":"error"')];
const MORE = spell(',"OutputType":"error-continue"');
const [STEP, RESULT, TESTING] = [ascii('=== '), ascii('--- '), ascii('testing.go:')];
const STEPS = ['=== RUN   ', '=== PAUSE ', '=== CONT  ', '=== NAME  '].map(ascii);
const STEP_BYTES = 10;
/** In the order of `passed`, `failed`, `skipped`. */
const MARKS = ['PASS: ', 'FAIL: ', 'SKIP: '].map(ascii);
const MARK_BYTES = 6;
/** How a line begins that may be the head of a dying process. */
const HEADS = ['panic', 'fatal', 'SIGQUIT', 'signal', 'exit s', '*** '].map(ascii);

const [SPACE, QUOTE, COMMA, DASH, ZERO, EQUALS, BACKSLASH] = [32, 34, 44, 45, 48, 61, 92];
const [OPEN_PARENTHESIS, CLOSE_PARENTHESIS, LOWER_N, LOWER_S, LOWER_U] = [40, 41, 110, 115, 117];
/** Bytes of a text that stand for themselves, whatever is around them. */
const IS_TEXT = byteTable((b) => b >= 0x20 && b < 0x80 && b !== QUOTE && b !== BACKSLASH && b !== DASH && b !== EQUALS);
const IS_ESCAPE = byteTable((b) => '"\\/bfnrt'.includes(String.fromCharCode(b)));
const IS_HEX = byteTable((b) => /[0-9a-fA-F]/.test(String.fromCharCode(b)));
