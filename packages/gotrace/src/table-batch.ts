import { ByteReader } from './bytes.ts';
import type { TableBatch } from './changes.ts';
import type { FaultList } from './fault.ts';

const FREQUENCY = 8;

/** Reads records until the batch ends. `read` tells what is wrong with one, if anything; the rest is then lost. */
export function readTableBatch(
  bytes: Uint8Array,
  { start, end, fileOffset }: TableBatch,
  faults: FaultList,
  read: (reader: ByteReader) => string | undefined,
): void {
  const reader = new ByteReader(bytes, start, end);
  // A lone frequency has no type byte of its own before the record.
  if (bytes[start] !== FREQUENCY) reader.byte();
  while (!reader.isDone) {
    const { at } = reader;
    const wrong = read(reader) ?? (reader.isCut ? 'a record is cut' : undefined);
    if (wrong === undefined) continue;
    faults.add('bad-table', fileOffset + at - start, `${wrong}; the rest of its batch is lost`);
    return;
  }
}
