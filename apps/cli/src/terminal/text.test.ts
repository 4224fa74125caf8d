import { expect, test } from 'vitest';
import { fit, safeText } from './text.ts';

test('what a test prints cannot touch the terminal', () => {
  expect(safeText('plain ✓\ttext', true)).toBe('plain ✓\ttext');
  expect(safeText('a\x1b[2Jb\x1b[1;1Hc\x1b]0;title\x07d\re\x07f\x9bg', true)).toBe('abcdefg');
  expect(safeText('\u202eevil', true)).toBe('evil');
  expect(safeText('open\x1b]8;;http://x', true)).toBe('open');
});

test('colours stay on a coloured terminal, and end there', () => {
  expect(safeText('\x1b[31mred', true)).toBe('\x1b[31mred\x1b[0m');
  expect(safeText('\x1b[31mred\x1b[0m', false)).toBe('red');
});

test('cuts by columns, not by characters', () => {
  expect(fit('TestSomething', 20)).toBe('TestSomething');
  expect(fit('TestSomething', 8)).toBe('TestSom…');
  expect(fit('日本語テスト', 7)).toBe('日本語…');
});
