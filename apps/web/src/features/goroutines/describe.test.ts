import type { GoroutineGroup, ShownFrame } from '@observe/protocol';
import { expect, test } from 'vitest';
import { ageText, groupKey, inOrder, isQuiet, laneText, placeIn, stackKeys, standingText } from './describe.ts';

const call = (func: string, file: string, line: number): ShownFrame => ({ func, file, line });
const lock = call('sync.(*Mutex).Lock', 'sync/mutex.go', 46);
const login = call('example.com/shop/auth.TestLogin.func1', 'example.com/shop/auth/auth_test.go', 35);
const parallel = call('testing.(*T).Parallel', 'testing/testing.go', 1700);
const park = call('runtime.gopark', 'runtime/proc.go', 460);

test('a place is the first call outside of the library, with what it calls there', () => {
  expect(placeIn([park, lock, login])).toEqual({
    func: 'auth.TestLogin.func1',
    site: 'auth_test.go:35',
    within: 'sync.(*Mutex).Lock',
    isLibrary: false,
  });
  expect(placeIn([park, login])?.within).toBe(undefined);
  expect(placeIn([park, parallel])).toMatchObject({ func: 'testing.(*T).Parallel', isLibrary: true });
  expect(placeIn([park])).toMatchObject({ func: 'runtime.gopark' });
  expect(placeIn([])).toBeUndefined();
  expect(placeIn(undefined)).toBeUndefined();
});

test('package testing’s own waits are told as what they mean', () => {
  expect(standingText({ state: 'waiting', reason: 'chan receive', testingWait: 'no-slot' })).toBe(
    'paused: no -parallel slot is free',
  );
  expect(standingText({ state: 'waiting', reason: 'chan receive' })).toBe('waiting: chan receive');
  expect(standingText({ state: 'waiting', reason: '' })).toBe('waiting, Go does not say what for');
  expect(standingText({ state: 'waiting', reason: 'chan receive', testingWait: 'a wait of tomorrow' })).toBe(
    'a wait of tomorrow',
  );
});

test('an age that is not known is not told', () => {
  expect([ageText(1e9, 4.2e9), ageText(null, 4.2e9), ageText(1e9, null)]).toEqual(['3.2s', '', '']);
});

test('a group is known again in another answer, whose stacks have other numbers', () => {
  const [before, after] = [{ stacks: [[lock], [login]] }, { stacks: [[login], [lock]] }];
  expect(groupKey({ startFunc: 'f', createdAt: 1 }, stackKeys(before))).toBe(
    groupKey({ startFunc: 'f', createdAt: 0 }, stackKeys(after)),
  );
  expect(groupKey({ startFunc: null, createdAt: null }, [])).toBe('\n');
});

test('what was seen first stays first, and new ones come at the end', () => {
  expect(inOrder(['c', 'new', 'a', 'b'], (x) => x, ['a', 'b', 'gone', 'c'])).toEqual(['a', 'b', 'c', 'new']);
});

test('a group is quiet while only testing and the library stand in it', () => {
  const group = (more: Partial<GoroutineGroup>): GoroutineGroup => ({
    startFunc: 'testing.tRunner',
    createdAt: null,
    count: 1,
    alive: 1,
    outlive: 0,
    standing: [{ state: 'waiting', reason: 'chan receive', stack: 0, count: 1, oldestSinceNs: 0 }],
    ...more,
  });
  expect(isQuiet(group({}), [[park, parallel]])).toBe(true);
  expect(isQuiet(group({}), [[park, login]])).toBe(false);
  expect(isQuiet(group({ outlive: 1 }), [[park, parallel]])).toBe(false);
  expect(isQuiet(group({ alive: 0, standing: [] }), [])).toBe(false);
});

test('a lane in words: where its time went, the most first', () => {
  expect(
    laneText({
      process: 'p',
      goid: 1,
      knownFromNs: null,
      startNs: [0, 1e6, 5e6],
      endNs: [1e6, 5e6, 6e6],
      state: ['running', 'waiting', 'running'],
      reason: ['', 'sync', ''],
      stack: [null, null, null],
    }),
  ).toBe('lock 4ms, running 2ms');
});
