import stringWidth from 'fast-string-width';

const CSI_COLOR = /^\x1b\[[\d;:]*m/; // eslint-disable-line no-control-regex
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/; // eslint-disable-line no-control-regex
/** Whole escape sequences: CSI, OSC and kin up to their end, and short ones. */
const ESCAPE = /^\x1b(?:\[[\x20-\x3f]*[\x40-\x7e]?|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x20-\x2f]*[\x30-\x7e]?)/; // eslint-disable-line no-control-regex

/**
 * A line that a test printed, safe to show: colours stay where `isColor` (and are ended), every other thing that could move the
 * cursor, retitle the window or turn the text around goes.
 */
export function safeText(line: string, isColor: boolean): string {
  if (!CONTROL.test(line)) return line;
  let out = '';
  let hasColor = false;
  for (let at = 0; at < line.length;) {
    const char = line.charAt(at);
    if (char === '\x1b') {
      const rest = line.slice(at, at + 4096);
      const color = CSI_COLOR.exec(rest)?.[0];
      if (color !== undefined && isColor) {
        out += color;
        hasColor = true;
      }
      at += Math.max(1, color?.length ?? ESCAPE.exec(rest)?.[0].length ?? 1);
    } else {
      if (!CONTROL.test(char)) out += char;
      at++;
    }
  }
  return hasColor ? `${out}\x1b[0m` : out;
}

/** Cuts plain text to a number of columns; a cut ends in `…`. */
export function fit(text: string, columns: number): string {
  if (text.length <= columns && /^[\x20-\x7e]*$/.test(text)) return text;
  if (stringWidth(text) <= columns) return text;
  let out = '';
  let width = 1;
  for (const char of text) {
    width += stringWidth(char);
    if (width > columns) break;
    out += char;
  }
  return `${out}…`;
}

export const widthOf = (text: string): number => stringWidth(text);

/** Fills up plain text with spaces on the right. */
export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
