import { expect, test } from 'vitest';
import { formatBytes } from './bytes.ts';

test.each([
  [0, '0 B'],
  [940, '940 B'],
  [999.6, '1 kB'],
  [17_206, '17.2 kB'],
  [7_750_000, '7.75 MB'],
  [15e6, '15 MB'],
  [123_456_789, '123 MB'],
  [2e15, '2000 TB'],
])('%d bytes are %s', (value, text) => {
  expect(formatBytes(value)).toBe(text);
});

test('an unknown size is a dash', () => {
  expect(formatBytes(undefined)).toBe('–');
  expect(formatBytes(NaN)).toBe('–');
});
