import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ArtifactFormat } from '@observe/protocol';
import { ARTIFACT_HEAD_BYTES, kindOfArtifact, type ArtifactKind } from '@observe/run';
import { errnoOf, StoreError } from './errors.ts';

/** Most bytes of one artifact, unpacked: what is handed in may say anything of its size. */
export const MAX_ARTIFACT_BYTES = 8 * 1024 ** 3;
/** A file that is packed more than once is not unpacked for ever. */
const MAX_LAYERS = 2;

/** What somebody handed in, told by what it holds, unpacked. */
export interface ArtifactSource {
  readonly format: ArtifactFormat;
  /** For people; goes on after "is". */
  readonly words: string;
  /** All of it. Throws a StoreError where it cannot be read or unpacked further, or is too large. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const FORMATS: Partial<Record<ArtifactKind, ArtifactFormat>> = {
  trace: 'trace',
  pprof: 'pprof',
  coverage: 'coverage',
  dump: 'dump',
  'goroutine-profile': 'dump',
};
const ADVICE: Partial<Record<ArtifactKind, string>> = {
  'test-json': '; make a run of it: observe import',
  'test-text': '; only the stream of `go test -json` becomes a run',
  unknown: '; it takes execution traces, pprof profiles, coverage profiles and goroutine dumps',
};

/** StoreError `refused`: it is none of what a run keeps. `name`: for people. */
export async function openArtifactSource(name: string, bytes: AsyncIterable<Uint8Array>): Promise<ArtifactSource> {
  let source = bounded(name, bytes);
  for (let layer = 0; ; layer++) {
    const { head, all } = await peek(source);
    const { kind, words } = kindOfArtifact(head);
    if (kind === 'gzip' && layer < MAX_LAYERS) {
      source = bounded(name, inflated(name, all));
      continue;
    }
    const format = FORMATS[kind];
    if (format === undefined) throw new StoreError('refused', name, `${name} is ${words}${ADVICE[kind] ?? ''}`);
    return { format, words, bytes: all };
  }
}

/** An id for a new artifact of this name; `taken`: those that the run has. */
export function artifactIdOf(name: string, taken: (id: string) => boolean): string {
  const slug =
    name
      .toLowerCase()
      .replace(/[^0-9a-z]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'artifact';
  for (let n = 1; ; n++) {
    const id = n === 1 ? slug : `${slug}-${n}`;
    if (!taken(id)) return id;
  }
}

/** The first bytes, and all of them. */
async function peek(bytes: AsyncIterable<Uint8Array>): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const early: Uint8Array[] = [];
  let length = 0;
  let next: IteratorResult<Uint8Array> | undefined;
  while (length < ARTIFACT_HEAD_BYTES) {
    next = await iterator.next();
    if (next.done === true) break;
    early.push(next.value);
    length += next.value.byteLength;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* early;
    if (next?.done !== true) yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head: Buffer.concat(early).subarray(0, ARTIFACT_HEAD_BYTES), all: all() };
}

async function* bounded(name: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const piece of bytes) {
    total += piece.byteLength;
    if (total > MAX_ARTIFACT_BYTES)
      throw new StoreError('refused', name, `${name} is larger than ${MAX_ARTIFACT_BYTES / 1024 ** 3} GiB`);
    yield piece;
  }
}

async function* inflated(name: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* Readable.from(bytes, { objectMode: false }).pipe(createGunzip({ chunkSize: 256 * 1024 }));
  } catch (error) {
    if (error instanceof StoreError || !(errnoOf(error) ?? '').startsWith('Z_')) throw error;
    throw new StoreError('refused', name, `${name} cannot be unpacked: it is cut, or no gzip`, error);
  }
}
