import { expect, test } from 'vitest';
import { finder, markSpans, plainText, spansOf } from './ansi.ts';

test('a line without colours is one span', () => {
  expect(spansOf('    x_test.go:1: hello')).toEqual([
    { text: '    x_test.go:1: hello', className: '', rgb: undefined },
  ]);
});

test('colours become classes, and text stays text', () => {
  const spans = spansOf('\u001b[1;31mFAIL\u001b[0m <b>not bold</b>');
  expect(spans.map((s) => s.text)).toEqual(['FAIL', ' <b>not bold</b>']);
  expect(spans[0]?.className.split(' ')).toEqual(expect.arrayContaining(['ansi-red', 'ansi-bold']));
  expect(plainText('\u001b[1;31mFAIL\u001b[0m now')).toBe('FAIL now');
});

test('control characters are pictures', () => {
  expect(spansOf('a\u0016b\u0007\r')[0]?.text).toBe('a␖b␇');
});

test('marks what was searched for, case by case', () => {
  const marked = markSpans(spansOf('Error: error'), finder('error'), 5);
  expect(marked.map((s) => [s.text, s.isHit])).toEqual([
    ['Error', true],
    [': ', false],
    ['error', true],
  ]);
  expect(finder('Error')('Error: error')).toEqual([0]);
});
