import { recordingText } from '@observe/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assembleText } from '../test/read-recording.ts';
import {
  createGoroutineProfileReader,
  ownerOfStack,
  ownersOf,
  type Dump,
  type Frame,
  type GoroutineProfile,
  type Limits,
} from './index.ts';

function read(text: string, limits?: Partial<Limits>): GoroutineProfile | undefined {
  const reader = createGoroutineProfileReader(limits);
  for (const line of text.split('\n')) reader.push(line);
  return reader.end();
}

function dumpOf(text: string): Dump {
  const { blocks } = assembleText(text);
  expect(blocks.map(({ kind }) => kind)).toEqual(['dump']);
  return (blocks[0] as { dump: Dump }).dump;
}

const shown = ({ func, line }: Frame): string => `${func.slice(func.lastIndexOf('/') + 1)}:${line}`;

test('debug=1: goroutines counted by stack and labels', () => {
  const profile = read(recordingText('profiles/go1.26/goroutine.debug1.txt'));
  expect(profile).toMatchObject({ name: 'goroutine', total: 9, isComplete: true, droppedStacks: 0, otherLines: 0 });
  expect(
    profile?.stacks.slice(0, 2).map(({ count, frames, labels }) => [count, frames.map(shown), { ...labels }]),
  ).toEqual([
    [3, ['busy.Wait:28'], {}],
    [2, ['busy_test.TestWrite.func1.1:48'], { quote: 'a"b', test: 'TestWrite' }],
  ]);
  expect(
    profile?.stacks.map(({ frames, labels }) => ownerOfStack(frames, labels)).map((o) => o && `${o.test} ${o.by}`),
  ).toEqual([undefined, 'TestWrite label', undefined, 'TestWrite frame', 'TestWrite closure', undefined]);
  expect(
    profile?.stacks.map(({ isStandardLibraryOnly, noise }) => noise ?? (isStandardLibraryOnly ? 'library' : 'user')),
  ).toEqual(['user', 'user', 'tracing', 'user', 'user', 'testing']);
});

test('debug=2 is a dump: the same goroutines, with ids, states and creators', () => {
  const dump = dumpOf(recordingText('profiles/go1.26/goroutine.debug2.txt'));
  const profile = read(recordingText('profiles/go1.26/goroutine.debug1.txt'));
  expect(dump.goroutines).toHaveLength(profile?.total ?? 0);
  const waiting = dump.goroutines.filter(({ frames }) => frames[0]?.func.endsWith('busy.Wait'));
  expect(waiting.map(({ status, createdBy }) => `${status} by ${createdBy?.func}`)).toEqual(
    Array.from({ length: 3 }, () => 'chan receive by example.com/profiles/busy_test.TestWrite'),
  );
  const owners = [...ownersOf(dump).values()];
  expect(new Set(owners.map(({ test }) => test))).toEqual(new Set(['TestWrite']));
  expect(owners).toHaveLength(7);
});

test('a leak profile counts leaked goroutines; as a dump it marks them among all', () => {
  const profile = read(recordingText('profiles/go1.26/goroutineleak.debug1.txt'));
  expect(profile).toMatchObject({ name: 'goroutineleak', total: 1, isComplete: true, stacks: [{ count: 1 }] });
  const dump = dumpOf(recordingText('profiles/go1.26/goroutineleak.debug2.txt'));
  const leaked = dump.goroutines.filter(({ isLeaked }) => isLeaked);
  expect(leaked.map(({ status, frames }) => [status, frames.map(shown)])).toEqual([
    ['chan send', profile?.stacks[0]?.frames.map(shown)],
  ]);
});

test('addresses without names, files with spaces, labels with all that Go escapes', () => {
  const profile = read(
    [
      'goroutine profile: total 2',
      '2 @ 0x1 0x2',
      String.raw`# labels: {"a\x07\u00e9":"\a\b\f\v\n\\", "}":"{"}`,
      '#\t0x1',
      '#\t0x2\tm.F[...]+0x18\t\tC:/My Files/x.go:7\r',
      '#\t0x3\tm.(*T).M-fm+0x1\t:0',
      '',
    ].join('\n'),
  );
  expect({ ...profile?.stacks[0]?.labels }).toEqual({ 'a\u0007é': '\u0007\b\f\v\n\\', '}': '{' });
  expect(profile?.stacks[0]?.frames).toEqual([
    { func: '0x1', args: undefined, file: undefined, line: undefined },
    { func: 'm.F[...]', args: undefined, file: 'C:/My Files/x.go', line: 7 },
    { func: 'm.(*T).M-fm', args: undefined, file: undefined, line: undefined },
  ]);
});

test('what is missing, and what is none of it, is said', () => {
  expect(read('hello\n3 @ 0x1\n')).toBeUndefined();
  expect(read('goroutine profile: total 3\n1 @ 0x1\n#\t0x1\tm.F+0x1\tx.go:1\n')).toMatchObject({ isComplete: false });
  expect(read('hello\ngoroutine profile: total 1\n# runtime.MemStats\n1 @ 0x1\nhello\n')).toMatchObject({
    isComplete: true,
    otherLines: 3,
  });
});

test('past a limit, stacks are counted and no longer kept', () => {
  const text = recordingText('profiles/go1.26/goroutine.debug1.txt');
  expect(read(text, { keptLines: 3 })).toMatchObject({ isComplete: false, droppedStacks: 4, stacks: { length: 2 } });
});

const LINES = ['goroutine', 'goroutineleak'].flatMap((name) =>
  recordingText(`profiles/go1.26/${name}.debug1.txt`).split('\n'),
);

test('any text', () => {
  const line = fc.oneof(
    fc.constantFrom(...LINES),
    fc.string(),
    fc.tuple(fc.constantFrom(...LINES), fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const profile = read(lines.join('\n'));
      const counted = profile?.stacks.reduce((sum, { count }) => sum + count, 0) ?? 0;
      if (profile?.isComplete === true) expect(counted).toBe(profile.total);
      for (const { frames, labels } of profile?.stacks ?? []) ownerOfStack(frames, labels);
    }),
    { numRuns: 500 },
  );
});

test.each(['1 @', ' 0x1', '#\t0x1', '\t', 'm.F+0x1', '+0x1\t', ':1', '# labels: {"a":"b"', '"', '\\'])(
  'lines of nothing but %j are read in linear time',
  (piece) => {
    const long = piece.repeat(60_000 / piece.length);
    read(
      [
        'goroutine profile: total 1',
        ...Array.from({ length: 50 }, () => [long, `1 @${long}`, `#\t0x1\t${long}`]).flat(),
      ].join('\n'),
    );
  },
);
