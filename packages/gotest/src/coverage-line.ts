import type { BlockLine } from './coverage-table.ts';

/**
 * `file.go:34.44,37.40 3 1`: a block, where it begins and ends, its statements, its count. A path may hold colons and spaces, so
 * that it is read from the end, as Go does. Undefined: it is none, or a number is beyond all sense.
 */
export function parseBlockLine(line: string): BlockLine | undefined {
  const back = new BackReader(line);
  const count = back.number(' ', 19);
  const statements = back.number(' ', 9);
  const endColumn = back.number('.', 5);
  const endLine = back.number(',', 8);
  const startColumn = back.number('.', 5);
  const startLine = back.number(':', 8);
  const isEmpty = startLine > endLine || (startLine === endLine && startColumn > endColumn);
  if (back.end <= 0 || isEmpty) return undefined;
  return { file: line.slice(0, back.end), startLine, startColumn, endLine, endColumn, statements, count };
}

/** Reads numbers from the end of a line. `end` is -1 once something was none. */
class BackReader {
  end: number;
  readonly #line: string;

  constructor(line: string) {
    this.#line = line;
    this.end = line.length;
  }

  /** The number before `end`, of at most so many digits, and the character before it, which is left behind. */
  number(before: string, mostDigits: number): number {
    let value = 0;
    let scale = 1;
    let at = this.end - 1;
    for (; at >= 0 && this.end - at <= mostDigits; at--, scale *= 10) {
      const digit = this.#line.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      value += digit * scale;
    }
    this.end = at < this.end - 1 && this.#line[at] === before ? at : -1;
    return value;
  }
}
