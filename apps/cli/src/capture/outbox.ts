import { open, rm } from 'node:fs/promises';

interface Offer {
  readonly path: string;
  readonly bytes: number;
  readonly isWhole: boolean;
}

/** Artifacts of a run as far as they can be sent: files that others write, or have written. */
export class Outbox {
  readonly #files = new Map<string, Offer>();

  /** The first `bytes` bytes of an artifact are in this file, and stay as they are. `isWhole`: that is all. */
  offer(artifact: string, path: string, bytes: number, isWhole: boolean): void {
    this.#files.set(artifact, { path, bytes, isWhole });
  }

  /** Artifacts and how many bytes of each there are. */
  *sizes(): Generator<readonly [artifact: string, bytes: number]> {
    for (const [artifact, { bytes }] of this.#files) yield [artifact, bytes];
  }

  /** So much of an artifact is durable elsewhere. One that is so wholly gives its room back: a long run has many. */
  stored(artifact: string, bytes: number): void {
    const known = this.#files.get(artifact);
    if (known?.isWhole !== true || bytes < known.bytes) return;
    this.#files.delete(artifact);
    void rm(known.path, { force: true }).catch(() => undefined); // it goes with its directory at the latest
  }

  /** At most `limit` bytes from `offset` on; none when they are not there. Throws what the file system throws. */
  async read(artifact: string, offset: number, limit: number): Promise<Uint8Array> {
    const known = this.#files.get(artifact);
    if (known === undefined || offset >= known.bytes) return new Uint8Array(0);
    const buffer = Buffer.allocUnsafe(Math.min(limit, known.bytes - offset));
    const file = await open(known.path, 'r');
    try {
      const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}
