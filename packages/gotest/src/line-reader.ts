import { parseWallTime } from '@observe/base';
import { ascii, hasBytes, hasSpelling, isSame, linesOf, NumberReader, spell, type Lines } from './byte-match.ts';
import { KIND, type LineColumns } from './line-columns.ts';
import { HASH_SEED, hashed, NameTable } from './name-table.ts';
import { OutputReader } from './output-reader.ts';

/**
 * Reads the lines of one stream into columns, and makes no string: a line of a test in Go's own spelling, with ASCII text,
 * is compared with what such lines look like, and with the lines before it. Any other line is of kind `other`, for the parser.
 * What is said of a line is what the parser would say, or less (a property test says so).
 */
export class LineReader {
  /** Where the lines end that were read last. */
  end = 0;
  #lines: Lines = linesOf(new Uint8Array(0));
  readonly #names = new NameTable();
  readonly #output = new OutputReader();
  readonly #number = new NumberReader();

  /** `{"Time":"2026-11-23T07:34:`, the seconds since 1970 that this is, and a line that begins so in these bytes (-1: none). */
  #minute = new Uint8Array(MINUTE_BYTES);
  #minuteS = 0;
  #minuteAt = -1;
  /** `Z","Action":"` */
  #zone = new Uint8Array(0);

  /** Of the line that is read: numbers of its package and its test, where `p","Test":"TestA"` begins, and the test's name. */
  #package = -1;
  #test = -1;
  /** -1: not in these bytes. */
  #namesAt = -1;
  #nameAt = 0;
  #nameEnd = 0;
  /** The latest `Z","Action":"output","Package":"p","Test":"TestA","Output":"` in these bytes (-1: none), and what it names. */
  #printedAt = -1;
  #printedEnd = 0;
  #printedPackage = -1;
  #printedTest = -1;
  #printedNamesAt = 0;
  #printedNameAt = 0;

  /** The number of the package that a test is of, by the test's. */
  packageOf(name: number): number {
    return this.#names.scopeOf(name);
  }

  /** Reads from `start` until the end or until the columns are full; returns how many lines. What is left begins at `end`. */
  read(bytes: Uint8Array, start: number, columns: LineColumns): number {
    const { kinds, names, ends } = columns;
    this.#lines = linesOf(bytes);
    this.#minuteAt = -1;
    this.#namesAt = -1;
    this.#printedAt = -1;
    const own = this.#lines.bytes;
    let at = start;
    let count = 0;
    for (; at < own.length && count < kinds.length; count++) {
      let next = this.#readLine(own, at, columns, count);
      if (next < 0) {
        kinds[count] = KIND.other;
        names[count] = -1;
        const newline = own.indexOf(NEWLINE, at);
        next = newline < 0 ? own.length + 1 : newline + 1;
      }
      ends[count] = next - 1;
      at = next;
    }
    this.end = Math.min(at, own.length);
    return count;
  }

  /** Where the next line begins; -1: the line is not one of those that are read here. */
  #readLine(bytes: Uint8Array, start: number, columns: LineColumns, i: number): number {
    if (this.#minuteAt < 0 || !isSame(this.#lines.view, this.#minuteAt, start, MINUTE_BYTES)) {
      if (!hasBytes(bytes, start, this.#minute) && !this.#learnTime(bytes, start)) return -1;
      this.#minuteAt = start;
    }
    let at = start + MINUTE_BYTES;
    const second = digit(bytes, at) * 10 + digit(bytes, at + 1);
    if (!(second < 60)) return -1;
    at += 2;
    let nanos = 0;
    if (bytes[at] === DOT) {
      const first = ++at;
      for (; at < first + 9; at++) {
        const unit = (bytes[at] as number) - ZERO;
        if (!(unit >= 0 && unit <= 9)) break;
        nanos = nanos * 10 + unit;
      }
      if (at === first) return -1;
      nanos *= SCALE[at - first] as number;
    }
    const textAt = this.#passPrinted(at);
    if (textAt < 0 && !hasBytes(bytes, at, this.#zone)) {
      if (!this.#learnTime(bytes, start) || !hasBytes(bytes, at, this.#zone)) return -1;
    }
    columns.seconds[i] = this.#minuteS + second;
    columns.nanos[i] = nanos;
    if (textAt >= 0) return this.#readOutput(bytes, textAt, columns, i);
    return this.#readAction(bytes, at, columns, i);
  }

  /** Goes on after the time, at `zoneAt`. */
  #readAction(bytes: Uint8Array, zoneAt: number, columns: LineColumns, i: number): number {
    const { view } = this.#lines;
    let at = zoneAt + this.#zone.length;
    const kind = kindAt(bytes, at);
    const action = ACTIONS[kind];
    if (action === undefined || !hasSpelling(view, at, action)) return -1;
    at = this.#passNames(bytes, at + action.length);
    if (at < 0) return -1;
    if (kind === KIND.plain) {
      if (!hasSpelling(view, at, OUTPUT)) return -1;
      this.#printedAt = zoneAt;
      this.#printedEnd = at + OUTPUT.length;
      this.#printedPackage = this.#package;
      this.#printedTest = this.#test;
      this.#printedNamesAt = this.#namesAt;
      this.#printedNameAt = this.#nameAt;
      return this.#readOutput(bytes, this.#printedEnd, columns, i);
    }
    columns.kinds[i] = kind;
    columns.flags[i] = 0;
    columns.names[i] = this.#test;
    columns.elapsed[i] = NaN;
    if (kind === KIND.run) {
      columns.sizes[i] = this.#nameEnd - this.#nameAt;
      for (let k = this.#nameAt; k < this.#nameEnd; k++) if (bytes[k] === BACKSLASH) return -1;
      return bytes[at] === CLOSE_BRACE && bytes[at + 1] === NEWLINE ? at + 2 : -1;
    }
    if (kind >= KIND.pass && hasSpelling(view, at, ELAPSED)) {
      at = this.#number.read(bytes, at + ELAPSED.length, false);
      if (at < 0) return -1;
      columns.elapsed[i] = this.#number.value;
    }
    return lineEnd(bytes, at);
  }

  #readOutput(bytes: Uint8Array, textAt: number, columns: LineColumns, i: number): number {
    const output = this.#output;
    const at = output.read(this.#lines, textAt, this.#nameAt, this.#nameEnd);
    if (at < 0) return -1;
    columns.kinds[i] = output.kind;
    columns.flags[i] = output.flags;
    columns.names[i] = this.#test;
    columns.elapsed[i] = output.elapsed;
    columns.sizes[i] = output.chars;
    return lineEnd(bytes, at);
  }

  /** Where the text begins, when the line goes on at `at` like the latest output did; else -1. */
  #passPrinted(at: number): number {
    const from = this.#printedAt;
    if (from < 0 || !isSame(this.#lines.view, from, at, this.#printedEnd - from)) return -1;
    const shift = at - from;
    this.#package = this.#printedPackage;
    this.#test = this.#printedTest;
    this.#namesAt = this.#printedNamesAt + shift;
    this.#nameAt = this.#printedNameAt + shift;
    this.#nameEnd = this.#printedEnd + shift - OUTPUT.length - 1;
    return this.#printedEnd + shift;
  }

  /** Where `p","Test":"TestA"` ends that begins at `from`; -1: there is no test, or a name gets no number. */
  #passNames(bytes: Uint8Array, from: number): number {
    const { view } = this.#lines;
    const before = this.#namesAt;
    const shift = from - before;
    this.#namesAt = from;
    if (before >= 0 && isSame(view, before, from, this.#nameEnd + 1 - before)) {
      this.#nameAt += shift;
      this.#nameEnd += shift;
      return this.#nameEnd + 1;
    }
    let at = this.#package < 0 ? -1 : this.#names.endOf(this.#package, bytes, from);
    if (at < 0 || bytes[at] !== QUOTE) {
      at = this.#passName(bytes, from);
      this.#package = at < 0 ? -1 : this.#names.idOf(bytes, from, at, this.#number.value, -1);
    }
    if (this.#package >= 0 && hasSpelling(view, at, TEST)) {
      this.#nameAt = at + TEST.length;
      this.#nameEnd = this.#passName(bytes, this.#nameAt);
      if (this.#nameEnd >= 0) {
        this.#test = this.#names.idOf(bytes, this.#nameAt, this.#nameEnd, this.#number.value, this.#package);
        if (this.#test >= 0) return this.#nameEnd + 1;
      }
    }
    this.#namesAt = -1;
    return -1;
  }

  /** Where the quote is that ends a name; leaves the name's hash as the number read. */
  #passName(bytes: Uint8Array, from: number): number {
    let hash = HASH_SEED;
    for (let at = from; ; at++) {
      let byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.#number.value = hash;
        return at;
      }
      hash = hashed(hash, byte);
      if (byte === BACKSLASH) hash = hashed(hash, (byte = bytes[++at] as number));
      if (!(byte >= SPACE)) return -1;
    }
  }

  /** Reads the minute and the zone of a line's time anew. */
  #learnTime(bytes: Uint8Array, start: number): boolean {
    const from = start + TIME.length;
    const end = bytes.subarray(from, from + MAX_TIME_BYTES).indexOf(QUOTE) + from;
    if (!hasBytes(bytes, start, TIME) || end < start + MINUTE_BYTES || !hasBytes(bytes, end, ACTION)) return false;
    const time = parseWallTime(String.fromCharCode(...bytes.subarray(from, end)));
    const second = digit(bytes, start + MINUTE_BYTES) * 10 + digit(bytes, start + MINUTE_BYTES + 1);
    if (time === undefined || !(second < 60)) return false;
    this.#minute = bytes.slice(start, start + MINUTE_BYTES);
    this.#minuteS = time.s - second;
    const isUtc = ((bytes[end - 1] as number) | 0x20) === LOWER_Z;
    this.#zone = bytes.slice(end - (isUtc ? 1 : ZONE_BYTES), end + ACTION.length);
    this.#printedAt = -1; // its zone may have been another
    return true;
  }
}

const TIME = ascii('{"Time":"');
const MINUTE_BYTES = '{"Time":"2026-11-23T07:34:'.length;
const MAX_TIME_BYTES = 40;
const ZONE_BYTES = '+01:00'.length;
const ACTION = ascii('","Action":"');
const TEST = spell('","Test":"');
const OUTPUT = spell(',"Output":"');
const ELAPSED = spell(',"Elapsed":');

const action = (name: string): ReturnType<typeof spell> => spell(`${name}","Package":"`);
/** By kind; an output is `plain` until its text is read. */
const ACTIONS = {
  [KIND.run]: action('run'),
  [KIND.pause]: action('pause'),
  [KIND.cont]: action('cont'),
  [KIND.pass]: action('pass'),
  [KIND.fail]: action('fail'),
  [KIND.skip]: action('skip'),
  [KIND.plain]: action('output'),
} as Readonly<Record<number, ReturnType<typeof spell>>>;

/** The kind whose action may stand at `at`. */
function kindAt(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case 0x6f: // o
      return KIND.plain;
    case 0x72: // r
      return KIND.run;
    case 0x70: // p: pass or pause
      return bytes[at + 2] === 0x73 ? KIND.pass : KIND.pause;
    case 0x63: // c
      return KIND.cont;
    case 0x66: // f
      return KIND.fail;
    case 0x73: // s
      return KIND.skip;
    default:
      return KIND.other;
  }
}

const [NEWLINE, RETURN, SPACE, QUOTE, DOT, ZERO, BACKSLASH, LOWER_Z, CLOSE_BRACE] = [
  10, 13, 32, 34, 46, 48, 92, 122, 125,
];
/** What so many decimals of a second are counted in, in ns. */
const SCALE = [1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1];

/** The digit at `at`; NaN when it is none. */
function digit(bytes: Uint8Array, at: number): number {
  const unit = (bytes[at] as number) - ZERO;
  return unit >= 0 && unit <= 9 ? unit : NaN;
}

/** Where the next line begins, if the object and the line end at `at`; else -1. */
function lineEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== CLOSE_BRACE) return -1;
  if (bytes[at + 1] === NEWLINE) return at + 2;
  return bytes[at + 1] === RETURN && bytes[at + 2] === NEWLINE ? at + 3 : -1;
}
