import { mkdir, open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { partId } from '@observe/protocol';
import { errnoOf, StoreError, storeError } from './errors.ts';

const READ_BYTES = 1024 * 1024;

/** The artifacts of one run, as files named by their ids in `artifacts/` beside its log. */
export class ArtifactFiles {
  readonly #dir: string;
  readonly #open = new Map<string, { readonly file: FileHandle; bytes: number }>();

  constructor(runDir: string) {
    this.#dir = join(runDir, 'artifacts');
  }

  /** Where an artifact lies, or will. StoreError `not-found` when that is no id. */
  pathOf(artifact: string): string {
    if (!partId.safeParse(artifact).success)
      throw new StoreError('not-found', this.#dir, `no artifact ${JSON.stringify(artifact)}: that is not an id of one`);
    return join(this.#dir, artifact);
  }

  /** Makes the directory, for one who writes files into it himself. */
  async prepare(): Promise<void> {
    try {
      await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw storeError(error, this.#dir, 'make');
    }
  }

  /**
   * Writes what of the chunk is new; resolves to the bytes that are there then. `conflict` when bytes before it are missing.
   * One at a time for each artifact.
   */
  async put(artifact: string, offset: number, bytes: Uint8Array): Promise<number> {
    const path = this.pathOf(artifact);
    const known = await this.#openFor(artifact, path);
    if (offset > known.bytes)
      throw new StoreError('conflict', path, `${path} ends at byte ${known.bytes}: a piece at ${offset} leaves a gap`);
    const fresh = bytes.subarray(Math.min(bytes.byteLength, known.bytes - offset));
    try {
      for (let at = 0; at < fresh.byteLength;) {
        const { bytesWritten } = await known.file.write(fresh, at, fresh.byteLength - at, known.bytes);
        at += bytesWritten;
        known.bytes += bytesWritten;
      }
    } catch (error) {
      throw storeError(error, path, 'write');
    }
    return known.bytes;
  }

  /** Bytes of each artifact. */
  async sizes(): Promise<ReadonlyMap<string, number>> {
    const names = await readdir(this.#dir).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return [];
      throw storeError(error, this.#dir, 'list');
    });
    const sizes = new Map<string, number>();
    for (const name of names) {
      const found = partId.safeParse(name).success
        ? await stat(join(this.#dir, name)).catch(() => undefined)
        : undefined;
      if (found?.isFile() === true) sizes.set(name, found.size);
    }
    return sizes;
  }

  /** Bytes [from, to) as far as they are there; none of an artifact that is not. */
  async *read(artifact: string, from: number, to: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const path = this.pathOf(artifact);
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return;
      throw storeError(error, path, 'read');
    }
    try {
      for (let at = from; at < to;) {
        const buffer = new Uint8Array(Math.min(READ_BYTES, to - at));
        const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } catch (error) {
      throw storeError(error, path, 'read');
    } finally {
      await file.close();
    }
  }

  async sync(): Promise<void> {
    for (const { file } of this.#open.values()) await file.datasync().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.sync();
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { file } of open) await file.close();
  }

  async #openFor(artifact: string, path: string): Promise<{ readonly file: FileHandle; bytes: number }> {
    const known = this.#open.get(artifact);
    if (known !== undefined) return known;
    await this.prepare();
    try {
      const file = await open(path, 'r+').catch((error: unknown) => {
        if (errnoOf(error) !== 'ENOENT') throw error;
        return open(path, 'w+', 0o600);
      });
      const opened = { file, bytes: (await file.stat()).size };
      this.#open.set(artifact, opened);
      return opened;
    } catch (error) {
      throw storeError(error, path, 'open');
    }
  }
}
