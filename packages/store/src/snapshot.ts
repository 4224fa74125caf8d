import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RunSummary } from '@observe/protocol';
import { snapshotHtml, SNAPSHOT_CHUNK_BYTES, type SnapshotChunk } from '@observe/query';
import { StoreError } from './errors.ts';
import { encodeRecord, type RawRecord } from './raw-record.ts';

const gzipAsync = promisify(gzip);

/** Byte of a gzip header that says which system packed it; 255 is "unknown", so that the same log gives the same bytes everywhere. */
const GZIP_OS_BYTE = 9;

/**
 * The run as one HTML file, piece by piece. `pageFile`: the built single-file page. Records are read as they are asked
 * for, so a slow reader costs no memory. StoreError `not-found`: the page is not built.
 */
export async function* snapshotOf(
  pageFile: string,
  summary: RunSummary,
  records: AsyncIterable<RawRecord>,
): AsyncGenerator<string> {
  yield* snapshotHtml(await readPage(pageFile), summary, packLog(records));
}

async function readPage(pageFile: string): Promise<string> {
  try {
    return await readFile(pageFile, 'utf8');
  } catch (error) {
    throw new StoreError(
      'not-found',
      pageFile,
      'the page for snapshots is not there: build it with `npm run build`',
      error,
    );
  }
}

/** The log's bytes in pieces of SNAPSHOT_CHUNK_BYTES, each packed by itself. */
async function* packLog(records: AsyncIterable<RawRecord>): AsyncGenerator<SnapshotChunk> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const record of records) {
    let bytes = encodeRecord(record);
    while (held + bytes.length >= SNAPSHOT_CHUNK_BYTES) {
      const cut = SNAPSHOT_CHUNK_BYTES - held;
      yield pack(Buffer.concat([...parts, bytes.subarray(0, cut)]));
      bytes = bytes.subarray(cut);
      parts = [];
      held = 0;
    }
    parts.push(bytes);
    held += bytes.length;
  }
  if (held > 0) yield pack(Buffer.concat(parts));
}

async function pack(bytes: Buffer): Promise<SnapshotChunk> {
  const packed = await gzipAsync(bytes);
  packed[GZIP_OS_BYTE] = 255;
  return { base64: packed.toString('base64'), bytes: bytes.length, packed: packed.length };
}
