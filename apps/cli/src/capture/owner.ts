import { isAbsolute, relative } from 'node:path';
import { findStdinWriters, type StdinWriters } from '../facts/go-test-process.ts';
import type { CaptureRecord } from './capture-record.ts';

/** Whose process it is. `guess`: by its place and time alone. `writtenMs`: of the record, in ms since 1970. */
export type Owner = (record: CaptureRecord, writtenMs: number) => Promise<'ours' | 'guess' | 'others'>;

/** Everything in a directory of our own is ours. */
export const everything: Owner = () => Promise.resolve('ours');

/** A record may be written before we are there: a small package is built at once. */
const BEFORE_MS = 2000;

/**
 * The processes whose `go test` writes our stdin, also through programs between. `early`: who wrote it when we began; a short `go test`
 * has ended by now. Where nothing tells: those in our directory and below that began after `sinceMs`.
 */
export function ofOurStdin(early: Promise<StdinWriters>, directory: string, sinceMs: number): Owner {
  return async ({ parent, stdout, directory: at }, writtenMs) => {
    const writers = await early;
    if (writers.kind === 'unknown' || stdout === undefined)
      return writers.kind !== 'file' && isBelow(directory, at) && writtenMs > sinceMs - BEFORE_MS ? 'guess' : 'others';
    const isAmong = (seen: StdinWriters): boolean =>
      seen.kind === 'pipe' && (seen.pipe === stdout || seen.pids.has(parent));
    return isAmong(writers) || isAmong(await findStdinWriters()) ? 'ours' : 'others';
  };
}

const isBelow = (directory: string, path: string): boolean => {
  const below = relative(directory, path);
  return !below.startsWith('..') && !isAbsolute(below);
};
