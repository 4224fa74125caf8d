import { createParser } from '@observe/gotest';
import { assertNever } from '@observe/base';
import type { LogRecord } from '@observe/protocol';
import type { RunEvent } from './event.ts';

/**
 * Reads the records of one log into events. One reader a log: it remembers what lines repeat.
 * A line that is not an event is a stray; a line in pieces (`isCut`) is never read as JSON.
 */
export function createRecordReader(): { read(record: LogRecord): RunEvent[] } {
  const parse = createParser();
  return {
    read({ header, text }) {
      const { seq, monoNs } = header;
      switch (header.kind) {
        case 'lines':
          return readLines(text, header.isCut === true);
        case 'host':
          return [{ kind: 'host', seq, monoNs, facts: header.facts }];
        case 'clock':
          return [{ kind: 'clock', seq, monoNs, wall: header.wall }];
        case 'process':
          return [{ kind: 'process', seq, monoNs, process: header.process }];
        case 'artifact':
          return [{ kind: 'artifact', seq, monoNs, artifact: header.artifact }];
        case 'end':
          return [{ kind: 'end', seq, monoNs, reason: header.reason, exitCode: header.exitCode }];
        default:
          return assertNever(header);
      }

      function readLines(lines: string, isCut: boolean): RunEvent[] {
        const events: RunEvent[] = [];
        let at = 0;
        while (at < lines.length || (isCut && events.length === 0)) {
          const newline = lines.indexOf('\n', at);
          const end = newline < 0 ? lines.length : newline;
          const isTorn = newline < 0 && isCut;
          const stop = end > at && lines.charCodeAt(end - 1) === 0x0d ? end - 1 : end; // written on Windows
          const event = parse(lines, at, stop);
          const lineSeq = seq + events.length;
          if (event !== undefined) events.push({ kind: 'test', seq: lineSeq, monoNs, event });
          else events.push({ kind: 'stray', seq: lineSeq, monoNs, text: lines.slice(at, stop), isCut: isTorn });
          at = end + 1;
        }
        return events;
      }
    },
  };
}
