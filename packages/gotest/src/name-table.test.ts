import { expect, test } from 'vitest';
import { HASH_SEED, hashed, NameTable } from './name-table.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

test('gives each name one number in each scope', () => {
  const table = new NameTable();
  const names = Array.from({ length: 5000 }, (_, i) => bytesOf(`TestA/item${i}`));
  const numbers = (scope: number): number[] =>
    names.map((name) => table.idOf(name, 0, name.length, name.reduce(hashed, HASH_SEED), scope));
  const [first, other] = [numbers(-1), numbers(7)];
  expect(new Set([...first, ...other]).size).toBe(10_000);
  expect([numbers(-1), numbers(7)]).toEqual([first, other]);
  expect(table.scopeOf(other[0] ?? -1)).toBe(7);
});

test('names forged to have one hash get no number once they are many, and keep the one they have', () => {
  const table = new NameTable();
  const names = Array.from({ length: 20_000 }, (_, i) => bytesOf(`Test${i}`));
  const numbers = (): number[] => names.map((name) => table.idOf(name, 0, name.length, 42, -1));
  const found = numbers();
  expect(found.filter((number) => number >= 0).length).toBeLessThan(100);
  expect(found[0]).toBe(0);
  expect(numbers()).toEqual(found);
});
