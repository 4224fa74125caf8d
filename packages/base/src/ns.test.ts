import { expect, test } from 'vitest';
import { formatNs } from './ns.ts';

test.each([
  [0, '0ns'],
  [999, '999ns'],
  [1000, '1µs'],
  [12_345, '12.3µs'],
  [999_600, '1ms'],
  [1_500_000_000, '1.5s'],
  [59_940_000_000, '59.9s'],
  [59_960_000_000, '1m00s'],
  [125e9, '2m05s'],
  [3_725e9, '1h02m'],
  [-2e6, '-2ms'],
])('%d ns is %s', (value, text) => {
  expect(formatNs(value)).toBe(text);
});

test('unknown is a dash, not a zero', () => {
  expect(formatNs(undefined)).toBe('–');
  expect(formatNs(NaN)).toBe('–');
});
