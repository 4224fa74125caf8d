import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeContainer, encodeContainer, type Column } from './columns.ts';

const column = fc.oneof<fc.Arbitrary<Column>[]>(
  fc.float64Array({ maxLength: 20 }),
  fc.int32Array({ maxLength: 20 }),
  fc.uint32Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
);
const container = fc.record({
  json: fc.jsonValue(),
  columns: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), column),
});

test('what is encoded is decoded, wherever it lies in memory', () => {
  fc.assert(
    fc.property(container, fc.nat(7), (value, offset) => {
      const bytes = encodeContainer(value);
      const moved = new Uint8Array(bytes.length + offset);
      moved.set(bytes, offset);
      const decoded = decodeContainer(moved.subarray(offset));
      expect(decoded?.json).toEqual(JSON.parse(JSON.stringify(value.json)));
      expect(decoded?.columns).toEqual({ ...value.columns });
    }),
  );
});

test('reads out of a Node Buffer, whose slice is a view and not a copy', () => {
  const bytes = encodeContainer({ json: null, columns: { a: Float64Array.of(1, 2, 3) } });
  for (let offset = 0; offset < 8; offset++) {
    const pool = Buffer.alloc(bytes.length + offset);
    pool.set(bytes, offset);
    expect(decodeContainer(pool.subarray(offset))?.columns.a).toEqual(Float64Array.of(1, 2, 3));
  }
});

test('refuses bytes that are cut or noise, and never throws', () => {
  fc.assert(
    fc.property(container, fc.nat(400), (value, cut) => {
      const bytes = encodeContainer(value);
      const part = bytes.slice(0, Math.min(cut, bytes.length));
      const decoded = decodeContainer(part);
      if (decoded !== undefined) expect(Object.keys(decoded.columns)).toEqual(Object.keys(value.columns));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(decodeContainer(bytes)).toBeUndefined();
    }),
  );
});
