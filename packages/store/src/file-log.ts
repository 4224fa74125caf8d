import { ftruncateSync, writev, writevSync } from 'node:fs';
import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { LinesHeader, LogHeader, LogRecord } from '@observe/protocol';
import type { StoreError } from './errors.ts';
import { storeError } from './errors.ts';
import { LogIndex } from './log-index.ts';
import { readLog, scanLog } from './log-reader.ts';
import { recordParts, textOf, type RawRecord } from './raw-record.ts';
import { readUnfinished, removeUnfinished, UnfinishedLine } from './unfinished-line.ts';

export const LOG_NAME = 'events.jsonl';

/** How long a write may lie in the operating system's memory before it is forced to disk. */
const SYNC_MS = 1000;

/** One `events.jsonl` and its one writer. */
export interface FileLog {
  readonly path: string;
  /** Last seq; 0 = empty. */
  readonly head: number;
  /** Length of the file. */
  readonly bytes: number;
  /** Last line of this producer; 0 = none. */
  have(producer: string): number;
  /**
   * Resolves when the write returned. One at a time. The records go on where the log ends (`conflict` otherwise); an append that
   * is there already changes nothing, so one may be repeated. After an error the log is as it was before.
   */
  append(records: readonly RawRecord[]): Promise<void>;
  /** The same, at once. */
  appendSync(records: readonly RawRecord[]): void;
  /**
   * Keeps a line that has not ended, at once, for the case that its writer dies: as what the next opening finds at the end.
   * `header`: of the record that it would be now, `added`: what has come to it. The next append leaves it behind.
   */
  keepUnfinished(header: LogHeader & LinesHeader, added: Uint8Array): void;
  /** Whole records that touch [fromSeq, toSeq), of those that were there at the call. */
  read(fromSeq: number, toSeq: number): AsyncIterable<RawRecord>;
  readText(fromSeq: number, toSeq: number): AsyncIterable<LogRecord>;
  /** Forces what was written to disk. Happens by itself a second after a write, and at the close. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the log in `dir`, made when there is none. What is not a whole record at its end (a write that a crash cut off) is moved
 * aside to `events.jsonl.torn-<offset>`: nobody was told that it is durable. A line that its writer had only begun to read becomes
 * its last record. Errors: StoreError.
 */
export async function openLog(dir: string): Promise<FileLog> {
  const path = join(dir, LOG_NAME);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const file = await openOrCreate(path);
    try {
      const index = new LogIndex();
      const { size } = await file.stat();
      await scanLog(file, size, index);
      if (index.end < size) await cutTornTail(file, path, index.end, size);
      const log = new OpenLog(file, path, index);
      const unfinished = await readUnfinished(path, index.head);
      if (unfinished !== undefined && index.fits(unfinished.header)) log.appendSync([unfinished]);
      removeUnfinished(path);
      return log;
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    throw storeError(error, path, 'open');
  }
}

/** For reading and writing at offsets: not in append mode, where a fenced writer's late bytes would move ours. */
async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return await open(path, 'w+', 0o600);
  }
}

async function cutTornTail(file: FileHandle, path: string, end: number, size: number): Promise<void> {
  const torn = file.createReadStream({ start: end, end: size - 1, autoClose: false });
  // Kept when there is room for it; the recovery must also work on a full disk.
  await writeFile(`${path}.torn-${end}`, torn, { mode: 0o600 }).catch(() => undefined);
  await file.truncate(end);
}

class OpenLog implements FileLog {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #index: LogIndex;
  readonly #unfinished: UnfinishedLine;
  #isWriting = false;
  #isClosed = false;
  #syncTimer: NodeJS.Timeout | undefined;

  constructor(file: FileHandle, path: string, index: LogIndex) {
    this.#file = file;
    this.path = path;
    this.#index = index;
    this.#unfinished = new UnfinishedLine(path);
  }

  get head(): number {
    return this.#index.head;
  }

  get bytes(): number {
    return this.#index.end;
  }

  have(producer: string): number {
    return this.#index.have(producer);
  }

  async append(records: readonly RawRecord[]): Promise<void> {
    const write = this.#begin(records);
    if (write === undefined) return;
    try {
      while (write.parts.length > 0) advance(write, await writevAsync(this.#file.fd, write.parts, write.at));
      this.#commit(records, write);
    } catch (error) {
      throw this.#undo(error);
    } finally {
      this.#isWriting = false;
    }
  }

  appendSync(records: readonly RawRecord[]): void {
    const write = this.#begin(records);
    if (write === undefined) return;
    try {
      while (write.parts.length > 0) advance(write, writevSync(this.#file.fd, write.parts, write.at));
      this.#commit(records, write);
    } catch (error) {
      throw this.#undo(error);
    } finally {
      this.#isWriting = false;
    }
  }

  keepUnfinished(header: LogHeader & LinesHeader, added: Uint8Array): void {
    try {
      this.#unfinished.keep(header, added);
    } catch (error) {
      throw storeError(error, this.path, 'write');
    }
  }

  read(fromSeq: number, toSeq: number): AsyncIterable<RawRecord> {
    return readLog(this.#file, this.#index, fromSeq, toSeq);
  }

  async *readText(fromSeq: number, toSeq: number): AsyncGenerator<LogRecord> {
    for await (const record of this.read(fromSeq, toSeq)) yield textOf(record);
  }

  async sync(): Promise<void> {
    clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
    if (this.#isClosed) return;
    try {
      await this.#file.datasync();
    } catch (error) {
      throw storeError(error, this.path, 'sync');
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.sync();
    } finally {
      this.#isClosed = true;
      this.#unfinished.remove();
      await this.#file.close();
    }
  }

  /** What to write; undefined when the log has these records already. */
  #begin(records: readonly RawRecord[]): PendingWrite | undefined {
    if (this.#isWriting || this.#isClosed)
      throw new Error(`${this.path}: append ${this.#isClosed ? 'after close' : 'during another'}`);
    if (!this.#index.accepts(records, this.path)) return undefined;
    this.#isWriting = true;
    const parts: Uint8Array[] = [];
    const ends: number[] = [];
    let end = this.#index.end;
    for (const record of records) {
      for (const part of recordParts(record)) {
        parts.push(part);
        end += part.byteLength;
      }
      ends.push(end);
    }
    return { parts, at: this.#index.end, ends };
  }

  #commit(records: readonly RawRecord[], { ends }: PendingWrite): void {
    records.forEach(({ header }, i) => this.#index.add(header, ends[i] ?? NaN));
    // A disk that cannot keep what it took says so again at the next write or at the close.
    this.#syncTimer ??= setTimeout(() => void this.sync().catch(() => undefined), SYNC_MS).unref();
  }

  /** Part of the records may lie beyond the end: cut off, so that no reader takes them for written. */
  #undo(error: unknown): StoreError {
    try {
      ftruncateSync(this.#file.fd, this.#index.end);
    } catch {
      // Then the next append writes over them, or the next opening cuts them off.
    }
    return storeError(error, this.path, 'write');
  }
}

/** A write under way: what is left of it, where that goes, and where each record will end. */
interface PendingWrite {
  parts: Uint8Array[];
  at: number;
  readonly ends: readonly number[];
}

/** A disk that fills up takes a part only. */
function advance(write: PendingWrite, written: number): void {
  write.at += written;
  let left = written;
  let taken = 0;
  for (const part of write.parts) {
    if (left < part.byteLength) break;
    left -= part.byteLength;
    taken++;
  }
  write.parts = write.parts.slice(taken);
  if (left > 0) write.parts[0] = (write.parts[0] ?? NOTHING).subarray(left);
}
const NOTHING = new Uint8Array(0);

const writevAsync = (fd: number, parts: readonly Uint8Array[], at: number): Promise<number> =>
  new Promise((resolve, reject) => {
    writev(fd, parts, at, (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  });
