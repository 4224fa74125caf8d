/**
 * How many bytes of a stream come up to the end of the first line that `until` speaks of: `package action` or
 * `package test action`, the package by the end of its path: `store TestQuery run`. Throws when there is none after `from`.
 */
export function bytesUntil(stream: Buffer, until: string, from = 0): number {
  const words = until.split(' ');
  const [pkg = '', action = ''] = [words[0], words.at(-1)];
  const test = words.length > 2 ? words.slice(1, -1).join(' ') : undefined;
  for (let start = from; start < stream.length;) {
    const newline = stream.indexOf(0x0a, start);
    const end = newline < 0 ? stream.length : newline + 1;
    const event = eventOf(stream.toString('utf8', start, end));
    if (event.Action === action && event.Test === test && `/${event.Package ?? ''}`.endsWith(`/${pkg}`)) return end;
    start = end;
  }
  throw new Error(`no line of the recording says "${until}"`);
}

function eventOf(line: string): { Action?: string; Package?: string; Test?: string } {
  try {
    return JSON.parse(line) as object;
  } catch {
    return {}; // stray text is part of some recordings
  }
}
