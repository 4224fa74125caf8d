import type { LogRecord } from '@observe/protocol';

/** Where the lines of a run are read from: a store's log, or a snapshot in memory. */
export interface LogSource {
  /** Whole records that touch [fromSeq, toSeq), in order. */
  read(fromSeq: number, toSeq: number): AsyncIterable<LogRecord>;
}
