import { readSync } from 'node:fs';

/** As much as a pipe holds: what a read of one gives at most. */
const READ_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * The whole lines of each read, with their number; the bytes are good until the next. Waits for the writer, as a program
 * does that has nothing else to do. A last line without newline is left out.
 */
export function* readChunks(file: number): Generator<{ payload: Buffer; count: number }> {
  let bytes = Buffer.alloc(2 * READ_BYTES);
  let length = 0;
  for (;;) {
    if (bytes.length - length < READ_BYTES) bytes = Buffer.concat([bytes], 2 * bytes.length);
    const read = readSync(file, bytes, length, READ_BYTES, null);
    if (read === 0) return;
    length += read;
    const end = bytes.subarray(0, length).lastIndexOf(NEWLINE) + 1;
    if (end === 0) continue;
    const payload = bytes.subarray(0, end);
    yield { payload, count: newlinesIn(payload) };
    bytes.copyWithin(0, end, length);
    length -= end;
  }
}

function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
