import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatWallTime, nsSince, parseWallTime, wallAfter, type WallTime } from './wall-time.ts';

const time = fc.record({
  s: fc.integer({ min: -62_000_000_000, max: 253_000_000_000 }),
  ns: fc.nat(999_999_999),
  zoneMin: fc.integer({ min: -14 * 60, max: 14 * 60 }),
});

test('what is written is read back, to the nanosecond and with its zone', () => {
  fc.assert(
    fc.property(time, (t: WallTime) => {
      expect(parseWallTime(formatWallTime(t))).toEqual(t);
    }),
  );
});

test('agrees with Date to the millisecond', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
      const parsed = parseWallTime(date.toISOString());
      expect((parsed?.s ?? 0) * 1000 + (parsed?.ns ?? 0) / 1e6).toBe(date.getTime());
    }),
  );
});

test.each([
  '2026-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-11-23 07:34:43',
  '2026-11-23T24:00:00Z',
  '2026-11-23T07:34:43',
  '',
  '2026-11-23T07:34:43.Z',
])('refuses %j', (text) => {
  expect(parseWallTime(text)).toBeUndefined();
});

test('differences are exact where milliseconds are not', () => {
  const a = parseWallTime('2026-11-23T07:34:43.358321599Z')!;
  const b = parseWallTime('2026-11-23T02:34:43.358410260-05:00')!;
  expect(nsSince(a, b)).toBe(88_661);
  expect(wallAfter(a, nsSince(a, b))).toEqual({ ...b, zoneMin: 0 });
});
