import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ArtifactFacts, RunSummary } from '@observe/protocol';
import { snapshotHtml, SNAPSHOT_CHUNK_BYTES, type SnapshotChunk } from '@observe/query';
import { StoreError } from './errors.ts';
import { encodeRecord, type RawRecord } from './raw-record.ts';
import type { RunStore } from './run-store.ts';

const gzipAsync = promisify(gzip);

/** Byte of a gzip header that says which system packed it; 255 is "unknown", so that the same log gives the same bytes everywhere. */
const GZIP_OS_BYTE = 9;

/** Most bytes of traces that a snapshot carries, unpacked: more makes no file to hand on. */
const MAX_TRACES_BYTES = 64 * 1024 * 1024;

/**
 * The run as one HTML file, piece by piece. `artifacts`: its execution traces, in the order of the run, as far as they fit. `pageFile`: the built single-file page. Records are read as they are asked
 * for, so a slow reader costs no memory. StoreError `not-found`: the page is not built.
 */
export async function* snapshotOf(
  pageFile: string,
  summary: RunSummary,
  records: AsyncIterable<RawRecord>,
  artifacts: readonly SnapshotArtifact[] = [],
): AsyncGenerator<string> {
  yield* snapshotHtml(await readPage(pageFile), summary, packAll(records, artifacts));
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

/** Of a run that goes into a snapshot. */
export interface SnapshotArtifact {
  readonly id: string;
  readonly size: number;
  read(): AsyncIterable<Uint8Array>;
}

/** The execution traces of a run, as they go into its snapshot. */
export async function snapshotTraces(
  source: Pick<RunStore, 'artifactSizes' | 'readArtifact'>,
  runId: string,
  artifacts: readonly ArtifactFacts[],
): Promise<readonly SnapshotArtifact[]> {
  const sizes = await source.artifactSizes(runId);
  return artifacts.flatMap(({ id, format }) => {
    const size = sizes.get(id) ?? 0;
    const read = (): AsyncIterable<Uint8Array> => source.readArtifact(runId, id, 0, size);
    return format === 'trace' && size > 0 ? [{ id, size, read }] : [];
  });
}

async function* packAll(
  records: AsyncIterable<RawRecord>,
  artifacts: readonly SnapshotArtifact[],
): AsyncGenerator<SnapshotChunk> {
  yield* packed(encodedRecords(records));
  let left = MAX_TRACES_BYTES;
  for (const { id, size, read } of artifacts) {
    if (size > left) continue;
    left -= size;
    for await (const chunk of packed(read())) yield { artifact: id, ...chunk };
  }
}

async function* encodedRecords(records: AsyncIterable<RawRecord>): AsyncGenerator<Uint8Array> {
  for await (const record of records) yield encodeRecord(record);
}

/** Bytes in pieces of SNAPSHOT_CHUNK_BYTES, each packed by itself. */
async function* packed(source: AsyncIterable<Uint8Array>): AsyncGenerator<SnapshotChunk> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (let bytes of source) {
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
