import {
  encodeHeader,
  MAX_CHUNK_BYTES,
  MAX_HEADER_BYTES,
  MAX_RECORD_BYTES,
  payloadBytesOf,
  readChunkHeader,
  readLogHeader,
  readProducerHeader,
  spanOf,
  type ChunkHeader,
  type LinesHeader,
  type LogHeader,
  type LogRecord,
  type ProducerHeader,
} from '@observe/protocol';

/** A record of a log with its payload as bytes, as it is appended and read back; packages/protocol says what they mean. */
export interface RawRecord {
  readonly header: LogHeader;
  readonly payload: Uint8Array;
}

/** A record on the wire: no `seq` yet. */
export interface Frame {
  readonly header: ProducerHeader;
  readonly payload: Uint8Array;
}

export const NO_PAYLOAD = new Uint8Array(0);
const NEWLINE = 0x0a;
const NEWLINE_BYTES = Buffer.from('\n');

export const withSeq = (header: ProducerHeader, seq: number, producer: string): LogHeader => ({
  seq,
  producer,
  ...header,
});

export function withoutSeq(header: LogHeader): ProducerHeader {
  const { seq: _seq, producer: _producer, ...rest } = header;
  return rest;
}

/** The payload as text; invalid UTF-8 becomes U+FFFD. */
export const textOf = ({ header, payload }: RawRecord): LogRecord => ({
  header,
  text: payload.byteLength === 0 ? '' : decodeUtf8(payload, 0, payload.byteLength),
});

/** bytes[from, to) as text; invalid UTF-8 becomes U+FFFD. */
export const decodeUtf8 = (bytes: Uint8Array, from: number, to: number): string =>
  (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).toString(
    'utf8',
    from,
    to,
  );

export const encodeFrame = (header: ProducerHeader, payload: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(encodeHeader(header)), payload]);

/** As it lies in `events.jsonl`. */
export const encodeRecord = (record: RawRecord): Buffer => Buffer.concat(recordParts(record));

/** The record that `encodeRecord` made these bytes of; undefined when they are not one. The payload is a view of them. */
export function decodeRecord(bytes: Uint8Array): RawRecord | undefined {
  const end = bytes.indexOf(NEWLINE);
  const header = readLogHeader(Buffer.from(bytes.buffer, bytes.byteOffset, Math.max(0, end)).toString('utf8'));
  if (header === undefined || bytes.byteLength !== end + 1 + bodyBytesOf(header)) return undefined;
  return { header, payload: bytes.subarray(end + 1, end + 1 + payloadBytesOf(header)) };
}

/** The pieces of a record, to be written in one go. A cut payload gets a newline, so that the next header starts a line. */
export function recordParts({ header, payload }: RawRecord): Uint8Array[] {
  const parts: Uint8Array[] = [Buffer.from(encodeHeader(header))];
  if (payload.byteLength > 0) parts.push(payload);
  if (isCut(header)) parts.push(NEWLINE_BYTES);
  return parts;
}

/** Bytes after the header line, up to the next record. */
export const bodyBytesOf = (header: LogHeader): number => payloadBytesOf(header) + (isCut(header) ? 1 : 0);

const isCut = (header: LogHeader | ProducerHeader): boolean => header.kind === 'lines' && header.isCut === true;

/**
 * Undefined when the bytes are not one whole record: no header, another length than it says, more or fewer lines than it counts.
 * The payload is a view of `bytes`.
 */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  const end = bytes.subarray(0, MAX_HEADER_BYTES).indexOf(NEWLINE);
  if (end === -1) return undefined;
  const header = readProducerHeader(Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8'));
  const payload = bytes.subarray(end + 1);
  if (header === undefined || payload.byteLength !== payloadBytesOf(header)) return undefined;
  return header.kind !== 'lines' || isWhole(header, payload) ? { header, payload } : undefined;
}

/** A piece of an artifact on the wire. */
export interface Chunk {
  readonly header: ChunkHeader;
  readonly payload: Uint8Array;
}

const CHUNK_START = Buffer.from('{"kind":"chunk"');

/** Whether a frame says that it is a chunk, and no record. */
export const isChunkFrame = (bytes: Uint8Array): boolean => CHUNK_START.equals(bytes.subarray(0, CHUNK_START.length));

export const encodeChunk = (artifact: string, offset: number, payload: Uint8Array): Buffer => {
  const header: ChunkHeader = { kind: 'chunk', artifact, offset, bytes: payload.byteLength };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), payload]);
};

/** Undefined when the bytes are not one whole chunk. The payload is a view of them. */
export function decodeChunk(bytes: Uint8Array): Chunk | undefined {
  const end = bytes.subarray(0, MAX_HEADER_BYTES).indexOf(NEWLINE);
  if (end === -1 || bytes.byteLength - end - 1 > MAX_CHUNK_BYTES) return undefined;
  const header = readChunkHeader(Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8'));
  const payload = bytes.subarray(end + 1);
  return header?.bytes === payload.byteLength ? { header, payload } : undefined;
}

function isWhole(header: LinesHeader, payload: Uint8Array): boolean {
  if (payload.byteLength === 0 || payload.byteLength > MAX_RECORD_BYTES) return false;
  const hasNewline = payload[payload.byteLength - 1] === NEWLINE;
  return hasNewline !== isCut(header) && countNewlines(payload) === header.count - (hasNewline ? 0 : 1);
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** What of a frame comes after line `have` of its producer; undefined when nothing does. */
export function skipLines(frame: Frame, have: number): Frame | undefined {
  const { header, payload } = frame;
  if (header.line > have) return frame;
  const skip = have - header.line + 1;
  if (header.kind !== 'lines' || skip >= header.count) return undefined;
  return splitAt(header, payload, endOfLine(payload, skip), skip)[1];
}

/** The same lines in frames of at most `limitBytes`, but that a line is never cut: one longer than the limit is a frame of its own. */
export function splitFrame(frame: Frame, limitBytes: number): Frame[] {
  const frames: Frame[] = [];
  let { header, payload } = frame;
  while (header.kind === 'lines' && payload.byteLength > limitBytes && header.count > 1) {
    const lastFit = payload.lastIndexOf(NEWLINE, limitBytes - 1);
    const end = (lastFit === -1 ? payload.indexOf(NEWLINE) : lastFit) + 1;
    const [head, tail] = splitAt(header, payload, end, countNewlines(payload.subarray(0, end)));
    frames.push(head);
    ({ header, payload } = tail);
  }
  frames.push({ header, payload });
  return frames;
}

/** Cuts a `lines` frame after `count` lines, which end at byte `end`. */
function splitAt(
  header: LinesHeader,
  payload: Uint8Array,
  end: number,
  count: number,
): [Frame & { header: LinesHeader }, Frame & { header: LinesHeader }] {
  const { isCut: cut, ...whole } = header;
  const rest = { ...whole, line: header.line + count, count: header.count - count, bytes: payload.byteLength - end };
  return [
    { header: { ...whole, count, bytes: end }, payload: payload.subarray(0, end) },
    { header: cut === undefined ? rest : { ...rest, isCut: cut }, payload: payload.subarray(end) },
  ];
}

/** Where line `count` (from 1) ends. */
function endOfLine(payload: Uint8Array, count: number): number {
  let end = 0;
  for (let i = 0; i < count; i++) end = payload.indexOf(NEWLINE, end) + 1;
  return end;
}

/** Last number that a record takes. */
export const lastSeqOf = (header: LogHeader): number => header.seq + spanOf(header) - 1;
export const lastLineOf = (header: LogHeader | ProducerHeader): number => header.line + spanOf(header) - 1;
