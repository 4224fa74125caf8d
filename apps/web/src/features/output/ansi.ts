import Anser from 'anser';

/** A piece of a line in one look. Classes are ours (output.css), never markup out of the text. */
export interface Span {
  readonly text: string;
  readonly className: string;
  /** A colour of 24 bits, as `r, g, b`; the palette's are classes. */
  readonly rgb: string | undefined;
}

const ESCAPE = '\u001b';

/** Splits a line at its ANSI colours. A line without any costs one search. */
export function spansOf(line: string): readonly Span[] {
  if (!line.includes(ESCAPE)) return line === '' ? [] : [{ text: visible(line), className: '', rgb: undefined }];
  return Anser.ansiToJson(line, { json: true, remove_empty: true, use_classes: true })
    .filter(({ content }) => content !== '')
    .map((piece) => ({
      text: visible(piece.content),
      className: [piece.fg, piece.bg === null ? null : `bg-${piece.bg}`, ...decorationsOf(piece)]
        .filter((name) => typeof name === 'string' && !name.includes('truecolor'))
        .join(' '),
      rgb: piece.fg === 'ansi-truecolor' ? piece.fg_truecolor : undefined,
    }));
}

/** The line without its colours: what is searched and copied. */
export const plainText = (line: string): string => (line.includes(ESCAPE) ? Anser.ansiToText(line) : line);

function decorationsOf(piece: { decorations?: string[]; decoration: string | null }): string[] {
  return (piece.decorations ?? (piece.decoration === null ? [] : [piece.decoration])).map((name) => `ansi-${name}`);
}

// eslint-disable-next-line no-control-regex -- the range is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Control characters as their pictures (␀, ␛ …): seen, and without effect. A carriage return before the end is only noise. */
const visible = (text: string): string =>
  text
    .replace(/\r$/, '')
    .replace(CONTROL, (c) => String.fromCharCode(c === '\u007f' ? 0x2421 : 0x2400 + c.charCodeAt(0)));

/** Cuts spans where `wanted` occurs, so that it can be marked. Letter case as in the search. */
export function markSpans(
  spans: readonly Span[],
  find: (text: string) => readonly number[],
  length: number,
): readonly (Span & { isHit: boolean })[] {
  return spans.flatMap((span) => {
    const parts: (Span & { isHit: boolean })[] = [];
    let at = 0;
    for (const hit of find(span.text)) {
      if (hit > at) parts.push({ ...span, text: span.text.slice(at, hit), isHit: false });
      parts.push({ ...span, text: span.text.slice(hit, hit + length), isHit: true });
      at = hit + length;
    }
    if (at < span.text.length) parts.push({ ...span, text: span.text.slice(at), isHit: false });
    return parts;
  });
}

/** Where `wanted` occurs in a text; a capital in it makes case count. */
export function finder(wanted: string): (text: string) => readonly number[] {
  const isExact = wanted !== wanted.toLowerCase();
  return (text) => {
    const found: number[] = [];
    if (wanted === '') return found;
    const within = isExact ? text : text.toLowerCase();
    for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + wanted.length)) found.push(at);
    return found;
  };
}
