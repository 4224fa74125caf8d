/** Profiler labels of a goroutine (`runtime/pprof`), in printed order. No prototype: any key is a plain key. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Reads `k: v, k: v}` from `start`, just after the opening brace. Go 1.26 quotes keys and values always, 1.27 only what is
 * not made of `A-Za-z0-9./_`; a profile printed as text has no space behind its colons. `end` is just after the closing brace;
 * undefined when the text is not of this form.
 */
export function readLabels(text: string, start: number, colon = ': '): { labels: Labels; end: number } | undefined {
  const labels = Object.create(null) as Record<string, string>;
  let at = start;
  for (;;) {
    const key = readWord(text, at, ':');
    if (key === undefined || !text.startsWith(colon, key.end)) return undefined;
    const value = readWord(text, key.end + colon.length, ',}');
    if (value === undefined) return undefined;
    labels[key.word] = value.word;
    at = value.end;
    if (text[at] === '}') return { labels, end: at + 1 };
    if (!text.startsWith(', ', at)) return undefined;
    at += 2;
  }
}

/** A quoted word, or a bare one up to one of `stops`. */
function readWord(text: string, start: number, stops: string): { word: string; end: number } | undefined {
  if (text[start] === '"') return readQuoted(text, start + 1);
  let end = start;
  while (end < text.length && !stops.includes(text[end] ?? '')) end++;
  return end === text.length ? undefined : { word: text.slice(start, end), end };
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', a: '\u0007', b: '\b', f: '\f', v: '\v',
}; // prettier-ignore
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Source: Go, `runtime/print.go` (`printquoted`), `strconv.Quote`. An escape that they do not write is kept as it is. */
function readQuoted(text: string, start: number): { word: string; end: number } | undefined {
  const parts: string[] = [];
  let plainFrom = start;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      parts.push(text.slice(plainFrom, i));
      return { word: parts.join(''), end: i + 1 };
    }
    if (char !== '\\') continue;
    const escape = readEscape(text, i + 1);
    if (escape !== undefined) {
      parts.push(text.slice(plainFrom, i), escape.char);
      plainFrom = i + 1 + escape.length;
    }
    i += escape?.length ?? 1;
  }
  return undefined;
}

/** `length` counts what follows the backslash. */
function readEscape(text: string, at: number): { char: string; length: number } | undefined {
  const kind = text[at] ?? '';
  const simple = SIMPLE[kind];
  if (simple !== undefined) return { char: simple, length: 1 };
  const digits = HEX_DIGITS[kind];
  if (digits === undefined) return undefined;
  const hex = text.slice(at + 1, at + 1 + digits);
  const code = Number.parseInt(hex, 16);
  if (hex.length !== digits || !/^[0-9a-f]+$/i.test(hex) || code > 0x10ffff) return undefined;
  return { char: String.fromCodePoint(code), length: 1 + digits };
}
