import { readSync } from 'node:fs';

/** As much as a pipe holds: what a read of one gives at most. Longer texts would also be slower to make (V8 has another place for them). */
const READ_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * The whole lines of each read as text, with their number. Waits for the writer, as a program does that has nothing else
 * to do. A last line without newline is left out.
 */
export function* readChunks(file: number): Generator<{ text: string; count: number }> {
  let bytes = Buffer.alloc(2 * READ_BYTES);
  let length = 0;
  for (;;) {
    if (bytes.length - length < READ_BYTES) bytes = Buffer.concat([bytes], 2 * bytes.length);
    const read = readSync(file, bytes, length, READ_BYTES, null);
    if (read === 0) return;
    length += read;
    const end = bytes.subarray(0, length).lastIndexOf(NEWLINE) + 1;
    if (end === 0) continue;
    const text = bytes.toString('utf8', 0, end);
    yield { text, count: newlinesIn(text) };
    bytes.copyWithin(0, end, length);
    length -= end;
  }
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
