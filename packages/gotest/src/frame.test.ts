import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFrameOf, isTestLog, isTestName, readFrame, readMidlineFrame } from './frame.ts';

test('reads a result line with its elapsed time, however deep it is indented', () => {
  expect(readFrame('        --- FAIL: TestA/b c (0.05s)\n')).toEqual({
    mark: 'FAIL',
    name: 'TestA/b c',
    elapsed: 0.05,
  });
});

test('reads a step', () => {
  expect(readFrame('=== PAUSE TestA\n')).toEqual({ mark: 'PAUSE', name: 'TestA', elapsed: undefined });
  expect(readFrame('=== ATTR  TestAttr owner team a\n')).toEqual({
    mark: 'ATTR',
    name: 'TestAttr',
    elapsed: undefined,
  });
});

test('tells a frame of one test from any other text, without reading it', () => {
  const texts = [
    '=== RUN   ',
    '=== CONT  ',
    '=== NAME  ',
    '=== PAUSE ',
    '=== ATTR  ',
    '=== RUN ',
    '--- PASS: ',
    ' ',
    '',
  ];
  const names = ['TestA', 'TestA/b', 'TestB', ''];
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.constantFrom(...names),
      fc.constantFrom('', '\n', ' x'),
      fc.constantFrom(...names.slice(0, 3)),
      (mark, of, rest, name) => {
        const text = mark + of + rest;
        expect(isFrameOf(text, name)).toBe(readFrame(text)?.name === name);
      },
    ),
  );
});

test('finds the frame behind text without a newline', () => {
  expect(readMidlineFrame('partial--- PASS: TestA (0.00s)\n')).toEqual({ mark: 'PASS', name: 'TestA', elapsed: 0 });
  expect(readMidlineFrame('--- PASS: TestA (0.00s)\n')).toBeUndefined();
  expect(readMidlineFrame('see --- PASS: below\n')).toBeUndefined();
});

test('knows the shape of t.Log', () => {
  expect(isTestLog('    x_test.go:4: hello\n')).toBe(true);
  expect(isTestLog('x_test.go:4: hello\n')).toBe(false);
  expect(isTestLog('      /src/x.go:3 +0x33\n')).toBe(false);
});

test('knows which names a test can have', () => {
  expect(['TestA', 'Test', 'Example_bad', 'FuzzX/seed#0', 'BenchmarkÄ'].map(isTestName)).not.toContain(false);
  expect(['Fake', 'Testify', 'testA', ''].map(isTestName)).not.toContain(true);
});
