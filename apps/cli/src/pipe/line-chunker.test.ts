import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineChunker, type LineChunk } from './line-chunker.ts';

const LIMITS = { maxLineBytes: 20, pieceBytes: 8 };

function chunksOf(text: string, cuts: readonly number[] = []): LineChunk[] {
  const bytes = Buffer.from(text);
  const chunker = new LineChunker(LIMITS);
  const at = [0, ...cuts.map((c) => Math.min(c, bytes.length)).sort((a, b) => a - b), bytes.length];
  const chunks = at.slice(1).flatMap((end, i) => chunker.push(bytes.subarray(at[i], end)));
  return [...chunks, ...chunker.end()];
}

/** Each line on its own: `text`, with `…` where it is cut. */
const linesOf = (chunks: readonly LineChunk[]): string[] =>
  chunks.flatMap(({ bytes, isCut }) => {
    const text = Buffer.from(bytes).toString('latin1');
    return isCut ? [text + '…'] : text.split('\n').slice(0, -1);
  });

test('hands on whole lines, and the torn last one as cut', () => {
  expect(linesOf(chunksOf('a\nbc\n\nd'))).toEqual(['a', 'bc', '', 'd…']);
  expect(chunksOf('a\nb\n')).toMatchObject([{ count: 2, isCut: false }]);
  expect(chunksOf('')).toEqual([]);
});

test('a line over the limit comes in pieces, the last one with its newline', () => {
  expect(linesOf(chunksOf(`x\n${'0123456789'.repeat(3)}\ny\n`))).toEqual([
    'x',
    '01234567…',
    '89012345…',
    '67890123…',
    '456789',
    'y',
  ]);
  expect(linesOf(chunksOf('0123456789'.repeat(2) + '\n'))).toEqual(['0123456789'.repeat(2)]);
  expect(linesOf(chunksOf('0123456789'.repeat(3)))).toEqual(['01234567…', '89012345…', '67890123…', '456789…']);
});

test('however the input is cut, the lines are the same, none is lost and every chunk says how many it holds', () => {
  const line = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', '\r'), maxLength: 12 }),
    fc.string({ minLength: 15, maxLength: 60 }),
  );
  const input = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(input, fc.array(fc.nat(400), { maxLength: 30 }), (text, cuts) => {
      const chunks = chunksOf(text, cuts);
      expect(linesOf(chunks)).toEqual(linesOf(chunksOf(text)));
      expect(Buffer.concat(chunks.map((c) => c.bytes)).equals(Buffer.from(text))).toBe(true);
      for (const { bytes, count, isCut } of chunks) {
        expect(Buffer.from(bytes).toString('latin1').split('\n').length - 1 + (isCut ? 1 : 0)).toBe(count);
        expect(bytes.length).toBeLessThanOrEqual(LIMITS.maxLineBytes + LIMITS.pieceBytes);
      }
    }),
    { numRuns: 500 },
  );
});
