import { payloadBytesOf, readLogHeader, spanOf, type LogHeader, type LogRecord } from '@observe/protocol';

/** Where a record of a log lies. */
export interface RecordPlace {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Bytes from the start of the log to its header, and of header and body together. */
  readonly offset: number;
  readonly bytes: number;
}

/** Reads the bytes of a log that lie in [from, to). */
export type ReadBytes = (from: number, to: number) => Promise<Uint8Array>;

const NEWLINE = 0x0a;
const decoder = new TextDecoder();

/** The record at the beginning of `bytes`, which may hold more; undefined when it is not whole, or none. */
export function recordIn(
  bytes: Uint8Array,
): { readonly header: LogHeader; readonly payload: Uint8Array; readonly bytes: number } | undefined {
  const end = bytes.indexOf(NEWLINE);
  const header = end < 0 ? undefined : readLogHeader(decoder.decode(bytes.subarray(0, end)));
  if (header === undefined) return undefined;
  const body = end + 1;
  const payloadEnd = body + payloadBytesOf(header);
  // A payload without a newline at its end is followed by one, so that the next header starts a line.
  const next = payloadEnd + (header.kind === 'lines' && header.isCut === true ? 1 : 0);
  return next > bytes.byteLength ? undefined : { header, payload: bytes.subarray(body, payloadEnd), bytes: next };
}

export const recordText = (header: LogHeader, payload: Uint8Array): LogRecord => ({
  header,
  text: decoder.decode(payload),
});

/** A log that grows piece by piece: hands out its whole records as they come, and remembers where they lie. */
export class LogScan {
  readonly places: RecordPlace[] = [];
  #rest: Uint8Array = new Uint8Array(0);
  #offset = 0;

  /** The records that this piece completes. */
  push(piece: Uint8Array): LogRecord[] {
    const records: LogRecord[] = [];
    let bytes = this.#rest.byteLength === 0 ? piece : join(this.#rest, piece);
    for (;;) {
      const record = recordIn(bytes);
      if (record === undefined) break;
      const { header } = record;
      this.places.push({
        firstSeq: header.seq,
        lastSeq: header.seq + spanOf(header) - 1,
        offset: this.#offset,
        bytes: record.bytes,
      });
      records.push(recordText(header, record.payload));
      this.#offset += record.bytes;
      bytes = bytes.subarray(record.bytes);
    }
    this.#rest = bytes.slice();
    return records;
  }

  /** Index of the first record that touches `seq` or comes after it, by bisection. */
  find(seq: number): number {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.places[middle]?.lastSeq ?? Infinity) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.byteLength + b.byteLength);
  both.set(a);
  both.set(b, a.byteLength);
  return both;
}
