import { expect, test } from 'vitest';
import { parseSize } from './size.ts';
import { readTestOptions } from './test-options.ts';

const of = (line: string) => readTestOptions(line.split(' ').filter((word) => word !== ''));
const goLine = (line: string): string => {
  const { goArgs, testArgs } = of(line);
  return [...goArgs.flatMap(({ words }) => words), ...testArgs].join(' ');
};

test('tells our options from those of go test, which stay in their order', () => {
  const options = of(
    '--profile=cpu,mem -race --name nightly ./... --live-rate=5 --max-trace 2G --open --collector=none',
  );
  expect(options).toMatchObject({
    profiles: ['cpu', 'mem'],
    name: 'nightly',
    liveRate: 5,
    maxTraceBytes: 2 * 1024 ** 3,
    open: true,
    collector: 'none',
  });
  expect(goLine('--profile=cpu,mem -race --name nightly ./... -run TestA --open')).toBe('-race ./... -run TestA');
});

test('drops -v and -json, and takes out -exec', () => {
  expect(goLine('-v -json ./a --v=true -test.v -exec foo -vet=off')).toBe('./a -vet=off');
  expect(of('-exec foo --exec=bar|x ./a').exec).toBe('bar|x');
});

test('the value of a flag is no flag, and after -args nothing is ours', () => {
  expect(goLine('-run -v -skip --open ./a')).toBe('-run -v -skip --open ./a');
  expect(goLine('./a -args -v --open -json')).toBe('./a -args -v --open -json');
  expect(goLine('-name foo')).toBe('-name foo'); // one dash: the tests' own
});

test('knows when nothing runs, or help is asked for', () => {
  expect(['-c', '-n', '-list .', '-c=true -o x', '-test.list=A'].map((line) => of(line).isDry)).toEqual(
    Array(5).fill(true),
  );
  expect(['-c=false', '-count 2', '-run -c', '-list=', './c'].map((line) => of(line).isDry)).toEqual(
    Array(5).fill(false),
  );
  expect(['--help', '-h', './a -help'].map((line) => of(line).isHelp)).toEqual([true, true, true]);
  expect(['-run -h', '-args --help'].map((line) => of(line).isHelp)).toEqual([false, false]);
});

test('--no-trace alone is for all, with a pattern for these; never for the word that follows', () => {
  expect(of('--no-trace ./...').noTrace).toBe('all');
  expect(of('--no-trace=./a/... --no-trace=b ./...').noTrace).toEqual(['./a/...', 'b']);
  expect(goLine('--no-trace ./...')).toBe('./...');
});

test.each([
  '--profile=heap',
  '--live-rate=0',
  '--live-rate=fast',
  '--live-rate=100',
  '--max-trace=0',
  '--max-trace=big',
  '--name',
  '--name=',
])('%s is refused, with what to do', (line) => {
  expect(() => of(line)).toThrow(line.split('=')[0]);
});

test('reads sizes', () => {
  expect(['10', '1k', '1.5MB', '2GiB', '1 g'].map(parseSize)).toEqual([10, 1024, 1572864, 2147483648, 1073741824]);
  expect(['', 'k', '-1', '1t', '1e3'].map(parseSize)).toEqual(Array(5).fill(undefined));
});
