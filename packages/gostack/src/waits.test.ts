import { expect, test } from 'vitest';
import type { Frame } from './index.ts';
import { isInCleanup, testingWait, waitSite } from './index.ts';

const stack = (...funcs: string[]): { frames: Frame[] } => ({
  frames: funcs.map((func) => ({ func, args: '', file: 'x.go', line: 1 })),
});

test.each([
  [
    'no-slot',
    ['runtime.gopark', 'runtime.chanrecv1', 'testing.(*testState).waitParallel', 'testing.(*T).Parallel', 'm.TestA'],
  ],
  ['no-slot', ['testing.(*testContext).waitParallel', 'testing.(*T).Parallel', 'm.TestA']],
  ['serial-siblings', ['testing.(*T).Parallel', 'm.TestA', 'testing.tRunner']],
  ['parallel-subtests', ['testing.tRunner.func1', 'testing.tRunner']],
  ['serial-subtest', ['testing.(*T).Run', 'm.TestA', 'testing.tRunner']],
  ['run', ['testing.(*T).Run', 'testing.runTests.func1', 'testing.tRunner', 'testing.(*M).Run', 'main.main']],
  [
    'log',
    [
      'internal/sync.runtime_SemacquireMutex',
      'internal/sync.(*Mutex).lockSlow',
      'internal/sync.(*Mutex).Lock',
      'sync.(*Mutex).Lock',
      'testing.(*chattyPrinter).Updatef',
      'testing.(*T).Run',
      'm.TestA',
    ],
  ],
  [
    'log',
    [
      'sync.runtime_SemacquireMutex',
      'sync.(*Mutex).lockSlow',
      'sync.(*Mutex).Lock',
      'testing.(*common).logDepth',
      'm.TestA',
    ],
  ],
])('testing’s own wait: %s', (id, funcs) => {
  expect(testingWait(stack(...funcs))).toBe(id);
});

test.each([
  ['a channel of the test', ['runtime.chanrecv1', 'm.TestA', 'testing.tRunner']],
  ['a lock of the test', ['sync.(*Mutex).Lock', 'm.TestA', 'testing.tRunner']],
  ['a cleanup', ['m.TestA.func1', 'testing.(*common).runCleanup', 'testing.tRunner.func2', 'testing.tRunner']],
  ['the stack contains it, but works on something else', ['runtime.gcMarkDone', 'm.f', 'testing.(*T).Parallel']],
  ['nothing at all', []],
])('the user’s own wait: %s', (_what, funcs) => {
  expect(testingWait(stack(...funcs))).toBeUndefined();
});

test('where a goroutine waits, and for whom', () => {
  const site = waitSite(
    stack(
      'internal/poll.runtime_pollWait',
      'internal/poll.(*pollDesc).wait',
      'internal/poll.(*FD).Read',
      'net.(*conn).Read',
      'm.read',
    ),
  );
  expect([site.call?.func, site.user?.func]).toEqual(['internal/poll.(*FD).Read', 'm.read']);
  expect(waitSite(stack('runtime.gopark', 'runtime.bgsweep'))).toEqual({ call: undefined, user: undefined });
});

test('knows a cleanup by its runner', () => {
  expect(isInCleanup(stack('m.TestA.func1', 'testing.(*common).runCleanup', 'testing.tRunner'))).toBe(true);
  expect(isInCleanup(stack('m.TestA', 'testing.tRunner'))).toBe(false);
});
