import { read } from 'node:fs';
import { promisify } from 'node:util';

/** As much as a pipe holds: what a read of one gives at most. Longer texts would also be slower to make (V8 has another place for them). */
const READ_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** The whole lines of each read as text, with their number; the next read is under way meanwhile. A last line without newline is left out. */
export async function* readChunks(file: number): AsyncGenerator<{ text: string; count: number }> {
  let torn: Uint8Array = new Uint8Array();
  for (let next = readNext(file); ;) {
    const bytes = await next;
    if (bytes.length === 0) return;
    next = readNext(file);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const text = Buffer.concat([torn, bytes.subarray(0, end)]).toString('utf8');
      yield { text, count: newlinesIn(bytes) };
      torn = bytes.subarray(end);
    } else torn = Buffer.concat([torn, bytes]);
  }
}

const readAsync = promisify(read);

async function readNext(file: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const { bytesRead } = await readAsync(file, buffer, 0, READ_BYTES, null);
  return buffer.subarray(0, bytesRead);
}

function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
