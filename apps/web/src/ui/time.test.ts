import { expect, test } from 'vitest';
import { agoText } from './time.ts';

const now = new Date(2026, 10, 23, 14, 30);

test('says how long ago in the words of a person', () => {
  expect(agoText(new Date(2026, 10, 23, 14, 29, 40), now)).toBe('just now');
  expect(agoText(new Date(2026, 10, 23, 14, 3), now)).toBe('27 min ago');
  expect(agoText(new Date(2026, 10, 23, 9, 0), now)).toBe('5 h ago');
  expect(agoText(new Date(2026, 10, 23, 0, 5), now)).toBe('00:05');
  expect(agoText(new Date(2026, 10, 22, 23, 5), now)).toBe('yesterday 23:05');
  expect(agoText(new Date(2026, 9, 3, 8, 0), now)).toBe('Oct 3, 08:00');
  expect(agoText(new Date(2025, 9, 3, 8, 0), now)).toBe('Oct 3 2025, 08:00');
});
