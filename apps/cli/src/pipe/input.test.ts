import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Input } from './input.ts';

test('what comes before anybody listens is held, in order', async () => {
  const stream = new PassThrough();
  const input = new Input(stream);
  stream.write('a');
  stream.write('b');
  expect(await input.begun()).toBe(true);
  let text = '';
  const ended = input.listen((bytes) => (text += Buffer.from(bytes).toString()));
  stream.end('c');
  await ended;
  expect(text).toBe('abc');
});

test('an input that ends at once has not begun', async () => {
  const stream = new PassThrough();
  const input = new Input(stream);
  stream.end();
  expect(await input.begun()).toBe(false);
  await input.listen(() => undefined);
});

test('an input that fails ends, and says why', async () => {
  const stream = new PassThrough();
  const input = new Input(stream);
  stream.write('a');
  await input.begun();
  const ended = input.listen(() => undefined);
  stream.destroy(new Error('gone'));
  await ended;
  expect(input.fault).toEqual(new Error('gone'));
});
