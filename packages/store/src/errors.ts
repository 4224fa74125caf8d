/**
 * `no-space`: the disk is full. `unwritable`: may not, or is not a directory. `held`: another living process writes this run.
 * `fenced`: somebody else has claimed the run since. `conflict`: the records do not go on where the log ends.
 * `refused`: what was handed in is not taken.
 * `not-found`: no such run. `newer-format`: written by a later version. `unsure`: no answer came; the append may have happened.
 */
export type StoreErrorCode =
  | 'no-space'
  | 'unwritable'
  | 'held'
  | 'fenced'
  | 'conflict'
  | 'not-found'
  | 'newer-format'
  | 'unsure'
  | 'refused'
  | 'io';

/** What went wrong in the store. The message says what, where, and what to do: it can be shown as it is. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** File or directory it is about; empty when there is none. */
  readonly path: string;

  constructor(code: StoreErrorCode, path: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
  }
}

/** An error of the file system in our words. `doing`: what was tried, for example `write the log`. */
export function storeError(error: unknown, path: string, doing: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = errnoOf(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new StoreError(
        'no-space',
        path,
        `cannot ${doing} ${path}: no space left (${code}); free some, or set OBSERVE_HOME to another disk`,
        error,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StoreError(
        'unwritable',
        path,
        `cannot ${doing} ${path}: not allowed (${code}); change its rights, or set OBSERVE_HOME`,
        error,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new StoreError(
        'unwritable',
        path,
        `cannot ${doing} ${path}: a file is where a directory should be (${code}); set OBSERVE_HOME to a directory`,
        error,
      );
    default:
      return new StoreError(
        'io',
        path,
        `cannot ${doing} ${path}: ${error instanceof Error ? error.message : String(error)}`,
        error,
      );
  }
}

/** The `code` of a system error, or undefined. */
export const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
