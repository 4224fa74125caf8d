import { rowAt } from '@observe/base';
import { emptyRun, reduceRun } from '@observe/run';
import { eventsOf, foldText, streamFromText } from '@observe/testkit';
import { expect, test } from 'vitest';
import { textDump } from './text-dump.ts';

test('says in words what the lanes show', () => {
  const run = foldText(
    streamFromText(`
    store            start@0                             fail@300ms
    store TestOpen   run@1ms  pass@20ms
    store TestQuery  run@21ms
    store TestNever  run@22ms pause@23ms
  `),
  );
  const pkg = rowAt(run.packages, 0)!;
  const rows = [0, 1, 2].map((row) => ({ kind: 'test' as const, depth: 1, test: rowAt(run.tests, row)! }));
  expect(textDump([{ kind: 'package', depth: 0, package: pkg }, ...rows], 300e6).split('\n')).toEqual([
    'store fail 0ns–300ms',
    '  TestOpen pass: running 1ms–20ms',
    '  TestQuery lost: running 21ms–300ms, torn',
    '  TestNever never-started: running 22ms–23ms, paused 23ms–300ms',
  ]);
});

test('what goes on goes on until now', () => {
  const run = reduceRun(emptyRun(), eventsOf(streamFromText(`store start@0\n store TestOpen run@1ms`)).slice(0, -1));
  expect(textDump([{ kind: 'test', depth: 0, test: rowAt(run.tests, 0)! }], 5e9)).toBe(
    'TestOpen running: running 1ms–now',
  );
});
