import { expect, test } from 'vitest';
import { bytesUntil } from './bytes-until.ts';

const stream = Buffer.from(
  [
    '{"Action":"start","Package":"example.com/store"}',
    'some stray text',
    '{"Action":"run","Package":"example.com/store","Test":"TestQuery"}',
    '{"Action":"run","Package":"example.com/store","Test":"TestQuery/with spaces"}',
    '{"Action":"pass","Package":"example.com/store"}',
  ].join('\n'),
);
const lastLine = (until: string, from?: number): string | undefined =>
  stream
    .toString('utf8', 0, bytesUntil(stream, until, from))
    .trimEnd()
    .split('\n')
    .at(-1);

test('a stream is held after the line that is spoken of, a package by the end of its path', () => {
  expect(lastLine('store TestQuery run')).toContain('"Test":"TestQuery"}');
  expect(lastLine('example.com/store TestQuery/with spaces run')).toContain('with spaces');
});

test('the last line counts without its newline', () => {
  expect(bytesUntil(stream, 'store pass')).toBe(stream.length);
});

test('a line that never comes, or has gone by, is the mistake of the test', () => {
  expect(() => bytesUntil(stream, 'tore TestQuery run')).toThrow('no line of the recording says "tore TestQuery run"');
  expect(() => bytesUntil(stream, 'store start', 60)).toThrow();
});
