import { readSync } from 'node:fs';

const CHUNK_BYTES = 512 * 1024;
const NEWLINE = 0x0a;

/** Whole lines as text with their number, about CHUNK_BYTES at a time. A line may not be longer; a last one without newline is left out. */
export function* readChunks(file: number): Generator<{ text: string; count: number }> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let held = 0;
  for (;;) {
    const read = readSync(file, buffer, held, CHUNK_BYTES - held, null); // a pipe gives 64 kB at most
    held += read;
    if (read > 0 && held < CHUNK_BYTES) continue;
    const end = held === 0 ? 0 : buffer.lastIndexOf(NEWLINE, held - 1) + 1;
    if (end === 0) return;
    const text = buffer.toString('utf8', 0, end);
    let count = 0;
    for (let at = buffer.indexOf(NEWLINE); at >= 0 && at < end; at = buffer.indexOf(NEWLINE, at + 1)) count++;
    yield { text, count };
    buffer.copyWithin(0, end, held);
    held -= end;
  }
}
