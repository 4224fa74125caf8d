import { isAbsolute, relative } from 'node:path';
import { isAlive, processOf } from '@observe/store';
import { findStdinWriters, type StdinWriters } from '../facts/go-test-process.ts';
import type { CaptureRecord } from './capture-record.ts';

/** Whose process it is. `guess`: by its place and time alone. `writtenMs`: of the record, in ms since 1970. */
export type Owner = (record: CaptureRecord, writtenMs: number) => Promise<'ours' | 'guess' | 'others'>;

/** Everything in a directory of our own is ours. */
export const everything: Owner = () => Promise.resolve('ours');

/** A record may be written before we are there: a small package is built at once. */
const BEFORE_MS = 2000;

/**
 * The processes whose `go test` writes our stdin. `early`: who wrote it when we began, since a short `go test` may have ended by now.
 * Where nothing tells: those in our directory and below that began after us.
 */
export function ofOurStdin(early: Promise<StdinWriters>, directory: string, sinceMs: number): Owner {
  /** By pid of a `go test`. */
  const known = new Map<number, boolean>();
  let isGoTestSeen = false;
  const look = (writers: StdinWriters): void => {
    if (writers.kind !== 'pipe') return;
    isGoTestSeen ||= writers.goTest !== undefined;
    for (const pid of writers.pids) known.set(pid, true);
  };
  return async ({ parent, directory: at }, writtenMs) => {
    const writers = await early;
    if (writers.kind === 'file') return 'others';
    look(writers);
    if (!known.has(parent) && writers.kind === 'pipe') {
      const isRunning = isAlive(processOf(parent));
      look(await findStdinWriters());
      if (!known.has(parent) && isRunning) known.set(parent, false);
    }
    const isOurs = known.get(parent);
    if (isOurs !== undefined) return isOurs ? 'ours' : 'others';
    return !isGoTestSeen && isBelow(directory, at) && writtenMs > sinceMs - BEFORE_MS ? 'guess' : 'others';
  };
}

const isBelow = (directory: string, path: string): boolean => {
  const below = relative(directory, path);
  return !below.startsWith('..') && !isAbsolute(below);
};
