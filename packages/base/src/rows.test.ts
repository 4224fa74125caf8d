import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyRows, iterateRows, rowAt, RowsDraft, visitChangedRows, type Rows } from './rows.ts';

const edits = fc.array(fc.tuple(fc.nat(2000), fc.nat()), { maxLength: 60 });
const apply = (rows: Rows<{ n: number }>, changes: readonly (readonly [number, number])[]): Rows<{ n: number }> => {
  const draft = new RowsDraft(rows);
  for (const [at, n] of changes) draft.set(Math.min(at, draft.length), { n });
  return draft.finish();
};
const grown = (count: number): Rows<{ n: number }> =>
  apply(
    emptyRows(),
    Array.from({ length: count }, (_, i) => [i, i] as const),
  );

test('behaves as an array, and leaves the version before as it was', () => {
  fc.assert(
    fc.property(fc.nat(1500), edits, (count, changes) => {
      const before = grown(count);
      const array = [...iterateRows(before)];
      const after = apply(before, changes);
      const expected = [...array];
      for (const [at, n] of changes) expected[Math.min(at, expected.length)] = { n };
      expect([...iterateRows(after)]).toEqual(expected);
      expect([...iterateRows(before)]).toEqual(array);
      expect(after.length).toBe(expected.length);
      expect(rowAt(after, after.length)).toBeUndefined();
    }),
  );
});

test('finds exactly the rows that changed', () => {
  fc.assert(
    fc.property(fc.nat(1500), edits, (count, changes) => {
      const before = grown(count);
      const after = apply(before, changes);
      const changed: number[] = [];
      visitChangedRows(before, after, (_row, index) => changed.push(index));
      const expected = [...iterateRows(after)].flatMap((row, i) => (row === rowAt(before, i) ? [] : [i]));
      expect(changed).toEqual(expected);
    }),
  );
});

test('shares the chunks that no change touched', () => {
  const before = grown(5000);
  const after = apply(before, [[3, 9]]);
  expect(after.chunks.filter((chunk, i) => chunk !== before.chunks[i])).toHaveLength(1);
});
