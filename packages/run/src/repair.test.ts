import { iterateRows } from '@observe/base';
import { foldText, streamFromText } from '@observe/testkit';
import { describe, expect, test } from 'vitest';
import { verdictOf, type PackageState, type RunState, type TestState } from './index.ts';

/* Repairs for which no Go at hand makes a recording, and the ends that a stream can come to. */

const fold = (picture: string, end?: 'eof' | 'interrupted' | 'lost'): RunState =>
  foldText(streamFromText(picture), end);
const test_ = (run: RunState, name: string): TestState => [...iterateRows(run.tests)].find((t) => t.name === name)!;
const pkg = (run: RunState): PackageState => [...iterateRows(run.packages)][0]!;
const line = (fields: Record<string, unknown>): string => JSON.stringify({ Package: 'p', ...fields }) + '\n';

test('R4: a pass without a result line, while its process panics, is no pass', () => {
  const run = foldText(
    line({ Action: 'run', Test: 'TestBoom' }) +
      line({ Action: 'output', Test: 'TestBoom', Output: 'panic: boom\n' }) +
      line({ Action: 'output', Test: 'TestBoom', Output: '\n' }) +
      line({ Action: 'output', Test: 'TestBoom', Output: 'goroutine 7 [running]:\n' }) +
      line({ Action: 'pass', Test: 'TestBoom', Elapsed: 0 }) +
      line({ Action: 'fail', Elapsed: 0.01 }),
  );
  expect(test_(run, 'TestBoom')).toMatchObject({
    outcome: 'lost',
    lost: { kind: 'panic', text: 'panic: boom' },
    repaired: ['wrong-pass', 'missing-end'],
  });
});

test('R5: a subtest without an end under a parent that passed has passed', () => {
  const run = fold(`
    p            start@0                        pass@9ms
    p TestA      run@1ms              pass@8ms
    p TestA/sub  run@2ms
  `);
  expect(test_(run, 'TestA/sub')).toMatchObject({ outcome: 'pass', repaired: ['missing-subtest-end'] });
});

test('R16: a package that passes without a test is told so', () => {
  expect(pkg(fold('p start@0 pass@1ms'))).toMatchObject({
    emptiness: 'passed-without-a-test',
    repaired: ['passed-without-a-test'],
  });
});

test('R1: an event of a test that never began makes it, with its start unknown', () => {
  const run = fold('p start@0 pass@9ms\n p TestA pass@5ms');
  expect(test_(run, 'TestA')).toMatchObject({ outcome: 'pass', startNs: undefined, repaired: ['missing-run'] });
});

test('R20: time that steps back is held, and said', () => {
  const run = foldText(
    line({ Time: '2026-11-23T07:00:01Z', Action: 'start' }) +
      line({ Time: '2026-11-23T07:00:00Z', Action: 'run', Test: 'TestA' }) +
      line({ Time: '2026-11-23T07:00:02Z', Action: 'pass', Test: 'TestA' }),
  );
  expect(test_(run, 'TestA').startNs).toBe(0);
  expect(run.quality.backSteps).toBe(1);
});

test('R18: a child that holds stdout fails the package, its tests keep their results', () => {
  const run = foldText(
    line({ Action: 'run', Test: 'TestA' }) +
      line({ Action: 'output', Test: 'TestA', Output: '--- PASS: TestA (0.00s)\n' }) +
      line({ Action: 'pass', Test: 'TestA' }) +
      line({ Action: 'output', Output: 'PASS\n' }) +
      line({ Action: 'output', Output: '*** Test I/O incomplete 5s after exiting.\n' }) +
      line({ Action: 'fail', Elapsed: 5 }),
  );
  expect(pkg(run)).toMatchObject({ outcome: 'fail', repaired: ['held-output'], counts: { pass: 1 } });
});

test('R19: an unknown action is counted and ends nothing', () => {
  const run = foldText(line({ Action: 'run', Test: 'TestA' }) + line({ Action: 'teleport', Test: 'TestA' }), null);
  expect(test_(run, 'TestA').phase).toBe('running');
  expect([...run.quality.unknownActions]).toEqual([['teleport', 1]]);
});

test('a test that prints “panic: ” and goes on has not died', () => {
  const run = foldText(
    line({ Action: 'run', Test: 'TestA' }) +
      line({ Action: 'output', Test: 'TestA', Output: 'panic: only a word\n' }) +
      line({ Action: 'output', Test: 'TestA', Output: 'goroutine 1 [running]:\n' }) +
      line({ Action: 'output', Test: 'TestA', Output: '--- FAIL: TestA (0.00s)\n' }) +
      line({ Action: 'fail', Test: 'TestA' }) +
      line({ Action: 'output', Output: 'FAIL\n' }) +
      line({ Action: 'fail', Elapsed: 1 }),
  );
  expect(pkg(run).crash).toBeUndefined();
  expect(test_(run, 'TestA').output.lines).toBe(3);
});

describe('the end of a run', () => {
  const open = `
    store            start@0
    store TestOpen   run@1ms   pass@20ms
    store TestQuery  run@21ms
    store TestPar    run@22ms  pause@23ms
  `;
  test.each([
    ['eof', 'lost', 'stream-ended'],
    ['interrupted', 'interrupted', 'interrupted'],
    ['lost', 'lost', 'stream-ended'],
  ] as const)('by %s: verdict %s, and nothing runs on', (end, verdict, kind) => {
    const run = fold(open, end);
    expect(verdictOf(run)).toBe(verdict);
    expect(test_(run, 'TestQuery')).toMatchObject({ outcome: 'lost', lost: { kind } });
    expect(test_(run, 'TestPar').outcome).toBe('never-started');
    expect(test_(run, 'TestOpen').outcome).toBe('pass');
  });

  test('a failure is a failure, even of a stream that stopped', () => {
    expect(verdictOf(fold(`${open}\n other start@0 fail@5ms`))).toBe('failed');
  });

  test('nothing read is not passed', () => {
    expect(verdictOf(foldText(''))).toBe('lost');
  });
});

test('a stream without Time and Package is read by order, with Go’s own durations', () => {
  const bare = (fields: Record<string, unknown>): string => JSON.stringify(fields) + '\n';
  const run = foldText(
    bare({ Action: 'run', Test: 'TestA' }) +
      bare({ Action: 'output', Test: 'TestA', Output: '--- PASS: TestA (0.25s)\n' }) +
      bare({ Action: 'pass', Test: 'TestA', Elapsed: 0.25 }) +
      bare({ Action: 'output', Output: 'PASS\n' }) +
      bare({ Action: 'pass', Elapsed: 0.3 }),
  );
  expect(test_(run, 'TestA')).toMatchObject({
    outcome: 'pass',
    startNs: undefined,
    endNs: undefined,
    elapsedNs: 0.25e9,
    repaired: [],
  });
  expect(verdictOf(run)).toBe('passed');
  expect(run.quality).toMatchObject({ hasTime: false, hasPackage: false });
});

test('a package that runs again is running again', () => {
  const once = `
    p        start@0                     fail@9ms
    p TestA  run@1ms  fail@2ms
  `;
  const again = once
    .replaceAll(/@(\d+)/g, (_, ms: string) => `@${String(Number(ms) + 100)}`)
    .replaceAll('fail', 'pass');
  const run = foldText(streamFromText(once) + streamFromText(again));
  expect([...iterateRows(run.tests)].map((t) => [t.occurrence, t.outcome])).toEqual([
    [1, 'fail'],
    [2, 'pass'],
  ]);
  expect(pkg(run).outcome).toBe('pass');
});
