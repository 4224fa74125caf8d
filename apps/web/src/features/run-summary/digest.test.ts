import { foldText, recordingText, streamFromText } from '@observe/testkit';
import { expect, test } from 'vitest';
import { digestOf } from './digest.ts';

test('names the failed tests that say why, not the parents that fail with them', () => {
  const digest = digestOf(foldText(recordingText('streams/parallel.jsonl')));
  expect(digest.failed.map((t) => t.name)).toEqual(['TestFailSub/bad']);
});

test('the slowest tests come first, and waiting for subtests is not slow', () => {
  const run = foldText(
    streamFromText(`
    p           start@0             pass@100ms
    p TestA     run@1ms   pass@90ms
    p TestA/x   run@2ms   pass@80ms
    p TestB     run@81ms  pass@95ms
  `),
  );
  expect(digestOf(run).slowest.map(({ test: slow, tookNs }) => [slow.name, tookNs / 1e6])).toEqual([
    ['TestA/x', 78],
    ['TestB', 14],
  ]);
});

test('a package that fails without a failed test is not forgotten', () => {
  const digest = digestOf(foldText(recordingText('streams/mainpanic.jsonl')));
  expect([...digest.crashed, ...digest.failedAlone]).toHaveLength(1);
});
