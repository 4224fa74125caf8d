import type { FileHandle } from 'node:fs/promises';
import { MAX_HEADER_BYTES, payloadBytesOf, readLogHeader, type LogHeader } from '@observe/protocol';
import type { LogIndex } from './log-index.ts';
import { bodyBytesOf, lastSeqOf, NO_PAYLOAD, type RawRecord } from './raw-record.ts';

const NEWLINE = 0x0a;
/** Read-ahead of a scan: it looks at headers only, and hops over large payloads. */
const SCAN_BYTES = 64 * 1024;
/** Read-ahead of a read, which takes the payloads too. */
const READ_BYTES = 1024 * 1024;

/** The bytes of a file up to `limit`, read as they are asked for. */
class FileWindow {
  readonly #file: FileHandle;
  readonly #limit: number;
  readonly #readAhead: number;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(file: FileHandle, limit: number, readAhead: number) {
    this.#file = file;
    this.#limit = limit;
    this.#readAhead = readAhead;
  }

  /** All that is at hand from `offset` on, `length` bytes at least; fewer only where the file ends. Stays valid after later calls. */
  async from(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.min(length, this.#limit - offset);
    if (offset < this.#start || offset + wanted > this.#start + this.#bytes.length) await this.#load(offset, wanted);
    return this.#bytes.subarray(offset - this.#start);
  }

  async #load(offset: number, wanted: number): Promise<void> {
    const size = Math.max(0, Math.min(Math.max(wanted, this.#readAhead), this.#limit - offset));
    const bytes = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await this.#file.read(bytes, filled, size - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.#bytes = bytes.subarray(0, filled);
    this.#start = offset;
  }
}

/** The header of the record at `offset` and where its body begins; undefined where no whole header is. */
async function headerAt(window: FileWindow, offset: number): Promise<{ header: LogHeader; body: number } | undefined> {
  let bytes = await window.from(offset, 512);
  let end = bytes.indexOf(NEWLINE);
  if (end === -1) {
    bytes = (await window.from(offset, MAX_HEADER_BYTES)).subarray(0, MAX_HEADER_BYTES);
    end = bytes.indexOf(NEWLINE);
    if (end === -1) return undefined;
  }
  const header = readLogHeader(bytes.toString('utf8', 0, end));
  return header === undefined ? undefined : { header, body: offset + end + 1 };
}

/** Adds to `index` the whole records that come after it, up to `size` bytes. Stops at the first that is torn or does not fit. */
export async function scanLog(file: FileHandle, size: number, index: LogIndex): Promise<void> {
  const window = new FileWindow(file, size, SCAN_BYTES);
  while (index.end < size) {
    const found = await headerAt(window, index.end);
    if (found === undefined || !index.fits(found.header)) return;
    const next = found.body + bodyBytesOf(found.header);
    if (next > size || (next > found.body && (await window.from(next - 1, 1))[0] !== NEWLINE)) return;
    index.add(found.header, next);
  }
}

/** Whole records that touch [fromSeq, toSeq), as far as the index knew when it began. Cost: what it yields, and up to 64 kB of headers. */
export async function* readLog(
  file: FileHandle,
  index: LogIndex,
  fromSeq: number,
  toSeq: number,
): AsyncGenerator<RawRecord> {
  const { head, end } = index;
  if (fromSeq > head || toSeq <= fromSeq) return;
  const window = new FileWindow(file, end, READ_BYTES);
  let offset = index.offsetBefore(fromSeq);
  while (offset < end) {
    const found = await headerAt(window, offset);
    if (found === undefined || found.header.seq >= toSeq) return;
    const { header, body } = found;
    if (lastSeqOf(header) >= fromSeq) {
      const size = payloadBytesOf(header);
      const payload = size === 0 ? NO_PAYLOAD : (await window.from(body, size)).subarray(0, size);
      if (payload.byteLength < size) return; // cut off under us
      yield { header, payload };
    }
    offset = body + bodyBytesOf(header);
  }
}
