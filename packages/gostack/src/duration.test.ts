import { expect, test } from 'vitest';
import { parseGoDuration } from './duration.ts';

test.each([
  ['1s', 1e9],
  ['1m30s', 90e9],
  ['1h0m0s', 3600e9],
  ['1.5s', 1.5e9],
  ['250ms', 250e6],
  ['12.5µs', 12_500],
  ['0s', 0],
  ['-2s', -2e9],
  ['', undefined],
  ['-', undefined],
  ['1', undefined],
  ['s', undefined],
  ['1s ', undefined],
  ['1s2', undefined],
])('reads the duration %j', (text, expected) => {
  expect(parseGoDuration(text)).toBe(expected);
});
