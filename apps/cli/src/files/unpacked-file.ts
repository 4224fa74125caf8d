import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { ARTIFACT_HEAD_BYTES } from '@observe/run';
import { errnoOf } from '@observe/store';
import { messageOf, Problem } from '../problem.ts';

/** A file's content, unpacked when it was gzipped. */
export interface UnpackedFile {
  /** Its first bytes, enough to tell what it is; fewer where it is short or broken. */
  readonly head: Uint8Array;
  /** All of it, the head included. Throws where it cannot be read or unpacked further. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Opens a file that a user named. Problem: it is empty, or cannot be opened. */
export async function openUnpacked(path: string): Promise<UnpackedFile> {
  const isGzip = await hasGzipMagic(path);
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const unpacked = isGzip ? createGunzip({ chunkSize: 256 * 1024 }) : undefined;
  if (unpacked !== undefined) {
    file.on('error', (error) => unpacked.destroy(error));
    file.pipe(unpacked);
  }
  const chunks = (unpacked ?? file)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const early: Uint8Array[] = [];
  let length = 0;
  let fault: Error | undefined;
  try {
    while (length < ARTIFACT_HEAD_BYTES) {
      const next: IteratorResult<Uint8Array, unknown> = await chunks.next();
      if (next.done === true) break;
      early.push(next.value);
      length += next.value.length;
    }
  } catch (error) {
    fault = error instanceof Error ? error : new Error(String(error));
  }
  return { head: Buffer.concat(early).subarray(0, ARTIFACT_HEAD_BYTES), bytes: chained(early, fault, chunks) };
}

async function* chained(
  early: readonly Uint8Array[],
  fault: Error | undefined,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* early;
  if (fault !== undefined) throw fault;
  yield* { [Symbol.asyncIterator]: () => rest };
}

async function hasGzipMagic(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(2), 0, 2, 0);
      if (bytesRead === 0) throw new Problem(`${path} is empty`);
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    const why = { ENOENT: 'there is no such file', EISDIR: 'it is a directory', EACCES: 'not allowed' }[
      errnoOf(error) ?? ''
    ];
    throw new Problem(`${path} cannot be read: ${why ?? messageOf(error)}`);
  }
}
