import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { encodeHeader, readLogHeader, type LinesHeader, type LogHeader } from '@observe/protocol';
import { NO_PAYLOAD, type RawRecord } from './raw-record.ts';

/** The header's place, filled up with spaces: it is written again while the line grows behind it. */
const HEADER_BYTES = 512;

const pathOf = (logPath: string): string => `${logPath}.unfinished`;

/**
 * What was read of a line that has not ended, beside the log that will have it whole: a record with `isCut`, good only while
 * its `seq` is the one after the log's last. So nothing needs to be taken away when the line ends. Made at the first use.
 */
export class UnfinishedLine {
  readonly #path: string;
  #fd: number | undefined;

  constructor(logPath: string) {
    this.#path = pathOf(logPath);
  }

  /** `header.bytes`: of all that was read of the line; `added`: the last of them, that were not kept yet. Throws what the system says. */
  keep(header: LogHeader & LinesHeader, added: Uint8Array): void {
    const line = Buffer.from(
      encodeHeader(header)
        .trimEnd()
        .padEnd(HEADER_BYTES - 1) + '\n',
    );
    if (line.byteLength > HEADER_BYTES) return;
    this.#fd ??= openSync(this.#path, 'w', 0o600);
    // The header last: until it is there, the one before speaks of a line that the log has.
    writeAll(this.#fd, added, HEADER_BYTES + header.bytes - added.byteLength);
    writeAll(this.#fd, line, 0);
  }

  /** The log has everything. */
  remove(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
    rmSync(this.#path, { force: true });
  }
}

/** The line that the writer of this log had begun to read when it died; undefined when there is none, or the log has it. */
export async function readUnfinished(logPath: string, head: number): Promise<RawRecord | undefined> {
  const bytes = await readFile(pathOf(logPath)).catch(() => NO_PAYLOAD);
  const header = readLogHeader(Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString('utf8'));
  if (header?.kind !== 'lines' || header.isCut !== true || header.count !== 1 || header.seq !== head + 1)
    return undefined;
  const payload = bytes.subarray(HEADER_BYTES, HEADER_BYTES + header.bytes);
  const isWhole = payload.byteLength === header.bytes && header.bytes > 0 && !payload.includes(NEWLINE);
  return isWhole ? { header, payload } : undefined;
}

const NEWLINE = 0x0a;

export const removeUnfinished = (logPath: string): void => rmSync(pathOf(logPath), { force: true });

function writeAll(fd: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.byteLength;) done += writeSync(fd, bytes, done, bytes.byteLength - done, at + done);
}
