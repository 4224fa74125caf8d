import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spanOf } from '@observe/protocol';
import {
  decodeFrame,
  decodeRecord,
  encodeFrame,
  encodeRecord,
  lastLineOf,
  skipLines,
  splitFrame,
  type Frame,
} from './raw-record.ts';
import { anyEntry, lines, plain, recordsOf, type Entry } from './store-contract.ts';

const frameOf = (entry: Entry, line = 1): Frame => ({ header: entry.header(line), payload: entry.payload });
const textOfFrames = (frames: readonly Frame[]): string =>
  frames.map(({ payload }) => Buffer.from(payload).toString('latin1')).join('');

test('a frame comes back from its bytes', () => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const frame = frameOf(entry);
      const decoded = decodeFrame(encodeFrame(frame.header, frame.payload));
      expect(decoded?.header).toEqual(frame.header);
      expect(textOfFrames([decoded ?? frameOf(lines('?'))])).toBe(textOfFrames([frame]));
    }),
  );
});

test('a record comes back from its bytes', () => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const records = recordsOf(7, [entry]);
      expect(plain(records.map((record) => decodeRecord(encodeRecord(record)) ?? record))).toEqual(plain(records));
    }),
  );
});

test('bytes that are not one whole frame are none, and never throw', () => {
  const whole = encodeFrame({ kind: 'lines', line: 1, monoNs: 1, count: 2, bytes: 4 }, Buffer.from('a\nb\n'));
  expect(decodeFrame(whole)).toBeDefined();
  const wrong: Record<string, string> = {
    'no header': 'a\nb\n',
    'no newline': '{"kind":"clock"}',
    'an unknown kind': '{"kind":"party","line":1,"monoNs":1}\n',
    'line 0': '{"kind":"lines","line":0,"monoNs":1,"count":1,"bytes":2}\na\n',
    'too few bytes': '{"kind":"lines","line":1,"monoNs":1,"count":1,"bytes":3}\na\n',
    'too many bytes': '{"kind":"lines","line":1,"monoNs":1,"count":1,"bytes":2}\na\nb\n',
    'too few lines': '{"kind":"lines","line":1,"monoNs":1,"count":3,"bytes":4}\na\nb\n',
    'too many lines': '{"kind":"lines","line":1,"monoNs":1,"count":1,"bytes":4}\na\nb\n',
    'cut, with a newline': '{"kind":"lines","line":1,"monoNs":1,"count":1,"bytes":2,"isCut":true}\na\n',
    'not cut, without one': '{"kind":"lines","line":1,"monoNs":1,"count":1,"bytes":1}\na',
    'no bytes': '{"kind":"lines","line":1,"monoNs":1,"count":1,"bytes":0}\n',
    'a payload where none belongs': '{"kind":"clock","line":1,"monoNs":1,"wall":""}\nx',
  };
  for (const [why, text] of Object.entries(wrong)) expect(decodeFrame(Buffer.from(text)), why).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeFrame(bytes)));
});

test('skipping lines and splitting keep every line once, in frames that are whole', () => {
  fc.assert(
    fc.property(anyEntry, fc.nat(8), fc.integer({ min: 1, max: 40 }), (entry, have, limit) => {
      const frame = frameOf(entry, 3);
      const rest = skipLines(frame, have);
      const skipped = Math.max(0, have - 2);
      if (rest === undefined) {
        expect(skipped).toBeGreaterThanOrEqual(spanOf(frame.header));
        return;
      }
      const expected = textOfFrames([frame])
        .split(/(?<=\n)/)
        .slice(skipped)
        .join('');
      const frames = splitFrame(rest, limit);
      expect(textOfFrames(frames)).toBe(expected);
      let line = Math.max(3, have + 1);
      for (const piece of frames) {
        expect(piece.header.line).toBe(line);
        expect(decodeFrame(encodeFrame(piece.header, piece.payload))).toBeDefined();
        expect(piece.payload.byteLength <= limit || spanOf(piece.header) === 1).toBe(true);
        line = lastLineOf(piece.header) + 1;
      }
      expect(line).toBe(lastLineOf(frame.header) + 1);
    }),
  );
});
