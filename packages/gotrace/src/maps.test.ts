import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdMap } from './id-map.ts';
import { PairMap } from './pair-map.ts';

const id = fc.oneof(fc.nat(40), fc.nat(), fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 33 + 1, 2 ** 53));

test('ids: the same as a Map', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.option(fc.nat(1000))), { maxLength: 400 }), (edits) => {
      const ours = new IdMap();
      const theirs = new Map<number, number>();
      for (const [key, row] of edits) {
        if (row === null) {
          ours.delete(key);
          theirs.delete(key);
        } else {
          ours.set(key, row);
          theirs.set(key, row);
        }
      }
      for (const [key] of edits) expect(ours.get(key)).toBe(theirs.get(key) ?? -1);
      ours.clear();
      for (const [key] of edits) expect(ours.get(key)).toBe(-1);
    }),
  );
});

/** Ids whose hashes end in 17 zeros: what `hash` does, backwards. */
const forged = Array.from({ length: 32_000 }, (_, i) => {
  const end = (i << 17) >>> 0;
  return Math.imul(end ^ (end >>> 15) ^ (end >>> 30), 0x0e8b2f51) >>> 0;
});

test('ids forged to meet cost no more than linear time, and are found and forgotten like others', () => {
  const map = new IdMap();
  const startMs = performance.now();
  for (const [row, key] of forged.entries()) map.set(key, row);
  expect(forged.every((key, row) => map.get(key) === row)).toBe(true);
  for (const key of forged.filter((_, i) => i % 3 === 0)) map.delete(key);
  expect(forged.every((key, row) => map.get(key) === (row % 3 === 0 ? -1 : row))).toBe(true);
  expect(performance.now() - startMs).toBeLessThan(2000);
});

test('pairs: one row each, in the order of first sight', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -1, max: 60 }), fc.nat(60)), { maxLength: 500 }), (pairs) => {
      const ours = new PairMap();
      const theirs = new Map<string, number>();
      for (const [first, second] of pairs) {
        const key = `${first} ${second}`;
        if (!theirs.has(key)) theirs.set(key, theirs.size);
        expect(ours.intern(first, second)).toBe(theirs.get(key));
      }
      expect(ours.size).toBe(theirs.size);
      for (const [key, row] of theirs) expect(`${ours.first(row)} ${ours.second(row)}`).toBe(key);
    }),
  );
});

test('many pairs keep their rows while the map grows', () => {
  const map = new PairMap();
  for (let i = 0; i < 50_000; i++) expect(map.intern(i % 7, i)).toBe(i);
  for (let i = 0; i < 50_000; i++) expect(map.intern(i % 7, i)).toBe(i);
});
