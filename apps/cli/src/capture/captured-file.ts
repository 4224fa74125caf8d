import { open, rename, stat, truncate, type FileHandle } from 'node:fs/promises';
import type { ArtifactFacts } from '@observe/protocol';
import { errnoOf } from '@observe/store';

/** How much of a file of the user's own is copied at once. */
const COPY_BYTES = 1024 * 1024;

export interface CapturedFileOptions {
  /** Where the process writes it. */
  readonly from: string;
  /** The user asked for it there: it is copied, and stays. */
  readonly isOwn: boolean;
  /** What was there before the process began is another's. ms since 1970, by the file system. */
  readonly sinceMs: number;
  readonly maxBytes: number;
  /** Where the run keeps it; undefined when it keeps nothing: then it stays where it is. */
  readonly place: () => Promise<string | undefined>;
}

/**
 * A file that a test process writes, on its way into the run. A file of ours is moved, also while it grows: the process goes on
 * writing it under its new name, and nothing is copied.
 */
export class CapturedFile {
  readonly #options: CapturedFileOptions;
  #path: string | undefined;
  #copied = 0;
  #bytes = 0;
  #isCut = false;

  constructor(options: CapturedFileOptions) {
    this.#options = options;
  }

  /** Where it is; undefined before it was seen. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Bytes that are there to stay. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What became of it, once the process has ended. */
  get outcome(): Pick<ArtifactFacts, 'state' | 'bytes' | 'why'> {
    const { maxBytes } = this.#options;
    const why = `it grew over the limit of ${maxBytes} bytes (--max-trace)`;
    return this.#isCut ? { state: 'cut', bytes: this.#bytes, why } : { state: 'whole', bytes: this.#bytes };
  }

  /** Looks how far it is. Throws what the file system throws. */
  async look(): Promise<void> {
    if (this.#path === undefined && !(await this.#find())) return;
    if (this.#options.isOwn) await this.#copy();
    const path = this.#path ?? '';
    const { size } = await stat(path);
    const { maxBytes } = this.#options;
    if (size > maxBytes) {
      this.#isCut = true;
      // The process goes on at its own offset: what it writes is a hole up to there, and is given back at the next look.
      await truncate(path, maxBytes);
    }
    this.#bytes = Math.max(this.#bytes, Math.min(size, maxBytes));
  }

  async #find(): Promise<boolean> {
    const { from, isOwn, sinceMs, place } = this.#options;
    const found = await stat(from).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (found?.isFile() !== true || found.mtimeMs < sinceMs) return false;
    const to = await place();
    if (isOwn && to === undefined) return false;
    if (to !== undefined && !isOwn) await rename(from, to);
    this.#path = to ?? from;
    return true;
  }

  /** What came since the last look. */
  async #copy(): Promise<void> {
    const { from, maxBytes } = this.#options;
    const path = this.#path ?? '';
    let source: FileHandle | undefined;
    let target: FileHandle | undefined;
    try {
      source = await open(from, 'r');
      target = await open(path, this.#copied === 0 ? 'w' : 'r+', 0o600);
      const buffer = Buffer.allocUnsafe(COPY_BYTES);
      for (;;) {
        const { bytesRead } = await source.read(buffer, 0, COPY_BYTES, this.#copied);
        if (bytesRead === 0 || this.#copied > maxBytes) return;
        await target.write(buffer, 0, bytesRead, this.#copied);
        this.#copied += bytesRead;
      }
    } finally {
      await source?.close();
      await target?.close();
    }
  }
}
