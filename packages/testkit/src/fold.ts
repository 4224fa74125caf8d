import type { EndReason, LogHeader, LogRecord } from '@observe/protocol';
import { createRecordReader, emptyRun, reduceRun, type RunEvent, type RunState } from '@observe/run';

/** Monotonic ns between two lines of a folded text: any number does. */
const LINE_NS = 1000;

/** The text of a stream as the records of a log, `linesPerRecord` lines each; then an `end` record unless `end` is null. */
export function recordsOf(text: string, end: EndReason | null = 'eof', linesPerRecord = 1000): LogRecord[] {
  const lines = text.split('\n');
  const isCut = lines.at(-1) !== '';
  if (!isCut) lines.pop();
  const records: LogRecord[] = [];
  for (let at = 0; at < lines.length; at += linesPerRecord) {
    const part = lines.slice(at, at + linesPerRecord);
    const isTorn = isCut && at + linesPerRecord >= lines.length;
    const payload = part.join('\n') + (isTorn ? '' : '\n');
    const header: LogHeader = {
      kind: 'lines',
      seq: at + 1,
      producer: 'test',
      line: at + 1,
      monoNs: (at + 1) * LINE_NS,
      count: part.length,
      bytes: new TextEncoder().encode(payload).length,
      ...(isTorn ? { isCut: true as const } : {}),
    };
    records.push({ header, text: payload });
  }
  if (end !== null) {
    const line = lines.length + 1;
    records.push({
      header: { kind: 'end', seq: line, producer: 'test', line, monoNs: line * LINE_NS, reason: end },
      text: '',
    });
  }
  return records;
}

/** All events of a stream's text. */
export function eventsOf(text: string, end: EndReason | null = 'eof'): RunEvent[] {
  const reader = createRecordReader();
  return recordsOf(text, end).flatMap((record) => reader.read(record));
}

/** The stream's text folded at once. */
export const foldText = (text: string, end: EndReason | null = 'eof'): RunState =>
  reduceRun(emptyRun(), eventsOf(text, end));
