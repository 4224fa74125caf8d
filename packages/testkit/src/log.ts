import type { LogRecord } from '@observe/protocol';

/** Records in memory as a log to read from. */
export const logOf = (
  records: readonly LogRecord[],
): { read(fromSeq: number, toSeq: number): AsyncIterable<LogRecord> } => ({
  async *read(fromSeq, toSeq) {
    for (const record of records) {
      const { header } = record;
      const span = header.kind === 'lines' ? header.count : 1;
      if (header.seq < toSeq && header.seq + span > fromSeq) yield record;
    }
  },
});
