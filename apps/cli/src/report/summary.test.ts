import { logOf, recordingText, recordsOf, streamFromText } from '@observe/testkit';
import { createRecordReader, emptyRun, reduceRun } from '@observe/run';
import { expect, test } from 'vitest';
import { styleFor } from '../terminal/style.ts';
import { summarise } from './summary.ts';
import { summaryText } from './summary-text.ts';

async function summaryOf(stream: string): Promise<string> {
  const records = recordsOf(stream);
  const reader = createRecordReader();
  const state = reduceRun(
    emptyRun(),
    records.flatMap((record) => reader.read(record)),
  );
  return summaryText(await summarise(state, logOf(records)), styleFor(false));
}

test.each([
  'shop/go1.27/run',
  'streams/bgpanic',
  'streams/builderr',
  'streams/cached1',
  'streams/deadlock-notimeout',
  'streams/exit3',
  'streams/hang-timeout',
  'streams/noeol-v',
  'streams/panics',
  'streams/parallel',
  'streams/race',
])('tells what a person wants to know of %s', async (name) => {
  const text = await summaryOf(recordingText(`${name}.jsonl`));
  await expect(text).toMatchFileSnapshot(`__snapshots__/${name.replaceAll('/', '-')}.txt`);
});

test('a run in which all is well is three lines and its verdict', async () => {
  const text = await summaryOf(
    streamFromText(`
      store            start@0             pass@300ms
      store TestOpen   run@1ms  pass@20ms`),
  );
  expect(text).toBe(`
 Packages  1 passed of 1
    Tests  1 passed of 1
  Elapsed  300ms
  Verdict  PASSED
`);
});

test('a long output shows its beginning and its end, a line that repeats once, and many failures end in a number', async () => {
  const line = (Output: string, Test: string): string =>
    JSON.stringify({ Action: 'output', Package: 'p', Test, Output }) + '\n';
  const failing = Array.from({ length: 250 }, (_, i) => {
    const name = `Test${i}`;
    const said =
      i === 0
        ? Array.from({ length: 500 }, (_, n) => line(`    a_test.go:1: line ${n}\n`, name))
        : [line('same\n', name), line('same\n', name)];
    return [
      JSON.stringify({ Action: 'run', Package: 'p', Test: name }) + '\n',
      ...said,
      JSON.stringify({ Action: 'fail', Package: 'p', Test: name }) + '\n',
    ].join('');
  });
  const text = await summaryOf(failing.join('') + JSON.stringify({ Action: 'fail', Package: 'p' }) + '\n');
  expect(text).toContain('line 39\n    … 440 lines more …\n    a_test.go:1: line 480\n');
  expect(text).toContain('same  × 2');
  expect(text).toContain('… and 50 more failed tests');
  expect(text.split('\n').length).toBeLessThan(800);
});
