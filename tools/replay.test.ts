import { expect, test } from 'vitest';
import { replayed, timeMsOf } from './replay.mjs';

test('moves the Time of a line and leaves its nanoseconds and the rest alone', () => {
  const line = '{"Time":"2026-11-23T11:37:09.978681199+01:00","Action":"output","Output":"at 2026-11-23T11:37:09Z\\n"}';
  expect(replayed(line, 60_000.4)).toBe(
    '{"Time":"2026-11-23T10:38:09.978681199Z","Action":"output","Output":"at 2026-11-23T11:37:09Z\\n"}',
  );
  expect(timeMsOf(line)).toBeCloseTo(Date.UTC(2026, 10, 23, 10, 37, 9) + 978.681199, 3);
});

test('reads a Time of a whole second', () => {
  expect(timeMsOf('{"Time":"2026-11-23T11:37:09Z","Action":"start"}')).toBe(Date.UTC(2026, 10, 23, 11, 37, 9));
  expect(replayed('{"Time":"2026-11-23T11:37:09Z"}', 1)).toBe('{"Time":"2026-11-23T11:37:09.001Z"}');
});

test('leaves a line without Time as it is', () => {
  const line = '{"ImportPath":"a/b","Action":"build-output","Output":"# a/b\\n"}';
  expect(timeMsOf(line)).toBeUndefined();
  expect(replayed(line, 5)).toBe(line);
});
