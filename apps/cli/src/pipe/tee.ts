import { write } from 'node:fs';
import { errnoOf, lastLineOf } from '@observe/store';
import type { KeptLog } from './kept-log.ts';

/** A pipe that somebody else has made non-blocking is full: until its reader has had time to read. */
const FULL_PAUSE_MS = 5;

/** Passes the lines of the log through, byte for byte, by a cursor of its own: a slow reader of ours does not slow the tests. */
export class Tee {
  readonly #log: KeptLog;
  readonly #fd: number;
  #line = 0;
  #isPumping: Promise<void> | undefined;
  #isGone = false;

  constructor(log: KeptLog, fd: number) {
    this.#log = log;
    this.#fd = fd;
  }

  /** Something was appended. */
  wake(): void {
    this.#isPumping ??= this.#pump().finally(() => (this.#isPumping = undefined));
  }

  /** Resolves when the reader has all that was appended, or is gone. */
  async drained(): Promise<void> {
    while (!this.#isGone && this.#line < this.#log.head) {
      this.wake();
      await this.#isPumping;
    }
  }

  async #pump(): Promise<void> {
    try {
      while (!this.#isGone && this.#line < this.#log.head) {
        const before = this.#line;
        for await (const { header, payload } of this.#log.read(before + 1, this.#log.head + 1)) {
          await writeAll(this.#fd, payload);
          this.#line = lastLineOf(header);
        }
        if (this.#line === before) this.#isGone = true; // the log cannot be read back
      }
    } catch {
      this.#isGone = true; // EPIPE: the reader has had enough; the run goes on
    }
  }
}

async function writeAll(fd: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) at += await writeSome(fd, bytes, at);
}

function writeSome(fd: number, bytes: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, at, bytes.byteLength - at, null, (error, written) => {
      if (error === null) resolve(written);
      else if (errnoOf(error) === 'EAGAIN') setTimeout(() => resolve(0), FULL_PAUSE_MS);
      else reject(error);
    });
  });
}
