import { iterateRows } from '@observe/base';
import { foldText, logOf, recordingText, recordsOf } from '@observe/testkit';
import { expect, test } from 'vitest';
import { createOutputReader, readOutput, type OutputOf } from './output.ts';

const open = (
  name: string,
  linesPerRecord?: number,
): { run: ReturnType<typeof foldText>; log: ReturnType<typeof logOf> } => {
  const text = recordingText(name);
  return { run: foldText(text), log: logOf(recordsOf(text, 'eof', linesPerRecord)) };
};
const rowOf = (run: ReturnType<typeof foldText>, name: string): number =>
  [...iterateRows(run.tests)].find((t) => t.name === name)!.row;

test('interleave: every t.Log line is certain and right, every plain one is marked uncertain and never given away as sure', async () => {
  const { run, log } = open('streams/interleave.jsonl');
  let logs = 0;
  let prints = 0;
  for (const t of iterateRows(run.tests)) {
    const { lines } = await readOutput(run, log, { kind: 'test', row: t.row }, { from: 0, limit: 10_000 });
    const number = /TestI(\d)/.exec(t.name)?.[1];
    for (const line of lines) {
      if (line.kind === 'log') {
        logs++;
        expect(line.grade).toBe('certain');
        expect(line.text).toContain(`I${number ?? '?'} `);
      } else if (line.kind === 'print') {
        prints++;
        const isRight = line.text.includes(`I${number ?? '?'} `);
        if (!isRight) expect(line.grade).toBe('uncertain');
      }
    }
  }
  expect([logs, prints]).toEqual([80, 160]);
});

test('any page of any size, read in any order, is a piece of the whole', async () => {
  const { run, log } = open('streams/interleave.jsonl', 7);
  const of: OutputOf = { kind: 'test', row: rowOf(run, 'TestI1') };
  const whole = await readOutput(run, log, of, { from: 0, limit: 10_000 });
  expect(whole.lines).toHaveLength(whole.total);
  const reader = createOutputReader(log);
  for (const [from, limit] of [
    [50, 5],
    [0, 3],
    [10, 40],
    [whole.total - 2, 10],
    [5, 1],
  ] as const) {
    const page = await reader.read(run, of, { from, limit });
    expect(page.lines).toEqual(whole.lines.slice(from, from + limit));
    expect([page.from, page.total]).toEqual([from, whole.total]);
  }
  const tail = await reader.read(run, of, { from: 0, limit: 4, isTail: true });
  expect(tail.lines).toEqual(whole.lines.slice(-4));
});

test('joins the pieces of a long line, and begins a new one at a frame', async () => {
  const { run, log } = open('streams/noeol.jsonl');
  const big = await readOutput(run, log, { kind: 'test', row: rowOf(run, 'TestBig') }, { from: 0, limit: 100 });
  expect(big.lines.map((line) => [line.kind, line.text.length > 4000])).toEqual([
    ['frame', false],
    ['print', true],
    ['log', true],
    ['frame', false],
  ]);
  const none = await readOutput(run, log, { kind: 'test', row: rowOf(run, 'TestNoNewline') }, { from: 0, limit: 100 });
  expect(none.lines.map((line) => line.text)).toEqual([
    '=== RUN   TestNoNewline',
    'partial no newline',
    '--- PASS: TestNoNewline (0.00s)',
  ]);
});

test('a dump is the process’s output, under no test', async () => {
  const { run, log } = open('streams/hang-timeout.jsonl');
  const own = await readOutput(run, log, { kind: 'test', row: rowOf(run, 'TestSelect') }, { from: 0, limit: 100 });
  expect(own.lines.map((line) => line.text)).toEqual([
    '=== RUN   TestSelect',
    '=== PAUSE TestSelect',
    '=== CONT  TestSelect',
  ]);
  expect(own.total).toBe(3);
  expect([...iterateRows(run.tests)].find((t) => t.name === 'TestSelect')?.output.lines).toBe(3);
  const process = await readOutput(run, log, { kind: 'process', row: 0 }, { from: 0, limit: 1000 });
  expect(process.lines[0]).toMatchObject({ text: 'panic: test timed out after 1s', kind: 'crash', test: 'TestSelect' });
});

test('stray lines and build output are read in place', async () => {
  const { run, log } = open('streams/nonjson-mixed.jsonl');
  const strays = await readOutput(run, log, { kind: 'strays' }, { from: 0, limit: 10 });
  const build = await readOutput(run, log, { kind: 'build', row: 0 }, { from: 0, limit: 10 });
  expect(strays.lines.map((line) => line.text)).toEqual(build.lines.map((line) => line.text));
  expect(build.lines[1]?.text).toBe('builderr/x_test.go:3:27: undefined: undefinedThing');
});
