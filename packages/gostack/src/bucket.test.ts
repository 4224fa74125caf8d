import { expect, test } from 'vitest';
import { assembleText } from '../test/read-recording.ts';
import { bucketGoroutines, type Dump } from './index.ts';

function dumpOf(text: string): Dump {
  const [block] = assembleText(text).blocks;
  if (block === undefined || block.kind === 'race') throw new Error('not a dump');
  return block.dump;
}

const goroutine = (id: number, state: string, func: string, arg: string, createdBy: string): string =>
  `\ngoroutine ${id} [${state}]:\nruntime.gopark()\n\truntime/proc.go:1 +0x1\n${func}(${arg})\n\tm/x.go:7 +0x1\n` +
  `created by ${createdBy} in goroutine 1\n\tm/x.go:9 +0x1`;

test('groups by state, creator and calls; not by arguments, minutes or ids', () => {
  const dump = dumpOf(
    [
      'panic: boom',
      goroutine(1, 'running', 'm.boom', '', 'm.main'),
      goroutine(2, 'select', 'm.wait', '0x1', 'm.main'),
      goroutine(3, 'select, 4 minutes', 'm.wait', '0x2', 'm.main'),
      goroutine(4, 'select, 9 minutes', 'm.wait', '0x2', 'm.main'),
      goroutine(5, 'chan receive, 2 minutes', 'm.wait', '0x2', 'm.main'),
      goroutine(6, 'select', 'm.wait', '0x2', 'm.other'),
      goroutine(7, 'select', 'net/http.(*conn).serve', '0x2', 'net/http.(*Server).Serve'),
      goroutine(8, 'select', 'net/http.(*conn).serve', '0x3', 'net/http.(*Server).Serve'),
      goroutine(9, 'syscall', 'os/signal.signal_recv', '', 'os/signal.Notify.func1.1'),
    ].join('\n'),
  );
  const buckets = bucketGoroutines(dump).map((bucket) => ({
    goids: bucket.goroutines.map((g) => g.goid).join(' '),
    minutes: bucket.minutes,
    is: bucket.noise ?? (bucket.isStandardLibraryOnly ? 'library' : 'user'),
  }));
  expect(buckets).toEqual([
    { goids: '1', minutes: undefined, is: 'user' },
    { goids: '2 3 4', minutes: { min: 0, max: 9 }, is: 'user' },
    { goids: '5', minutes: { min: 2, max: 2 }, is: 'user' },
    { goids: '6', minutes: undefined, is: 'user' },
    { goids: '7 8', minutes: undefined, is: 'library' },
    { goids: '9', minutes: undefined, is: 'signals' },
  ]);
});

test('an empty dump has no buckets', () => {
  expect(bucketGoroutines({ goroutines: [], runtimeStack: undefined, droppedGoroutines: 0 })).toEqual([]);
});

test('tells which labels its goroutines have, and how many have them', () => {
  const dump = dumpOf(
    [
      goroutine(2, 'select labels:{"test": "TestA"}', 'm.wait', '', 'm.main'),
      goroutine(3, 'select] {test: TestA', 'm.wait', '', 'm.main').replace(']:', ':').replace(':\n', '}:\n'),
      goroutine(4, 'select labels:{"test": "TestB"}', 'm.wait', '', 'm.main'),
      goroutine(5, 'select', 'm.wait', '', 'm.main'),
    ].join('\n'),
  );
  const [bucket] = bucketGoroutines(dump);
  expect(bucket?.labelSets.map(({ labels, count }) => [{ ...labels }, count])).toEqual([
    [{ test: 'TestA' }, 2],
    [{ test: 'TestB' }, 1],
  ]);
});
