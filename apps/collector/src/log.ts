import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino, type Logger } from 'pino';
import type { CollectorOptions } from './options.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Then it becomes `….1`, and that of before goes: twice this much is ever kept. */
const MAX_LOG_BYTES = 4 * 1024 * 1024;

/** What the collector did, as lines of JSON in a file of bounded size. A log that cannot be written is no reason to stop. */
export function createLog(path: string, level: CollectorOptions['logLevel']): Log {
  let size: number;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    size = 0;
  }
  const write = (line: string): void => {
    try {
      if (size > MAX_LOG_BYTES) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch {
      // a full disk: the runs say so themselves
    }
  };
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}
