import { expect, test } from 'vitest';
import { assembleText } from '../test/read-recording.ts';
import { createAssembler, culpritOf, type Block, type Report } from './index.ts';

const STACK = `goroutine 8 [running]:
m.TestA.func1()
\tm/x_test.go:3 +0x2b
created by m.TestA in goroutine 7
\tm/x_test.go:3 +0x1a`;

const summary = ({ blocks }: Report): string[] =>
  blocks.map((block) => {
    const what = 'message' in block ? ` ${block.message}` : '';
    const who = block.kind === 'race' ? block.accesses : block.dump.goroutines;
    return `${block.kind}${what} [${who.map((one) => one.goid).join(' ')}]`;
  });

const ranges = (block: Block | undefined): string | undefined =>
  block?.ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');

test('goes on where other tests cut a dump, and leaves them their lines', () => {
  const report = assembleText(`=== RUN   TestB
panic: boom
hello from TestB
    b_test.go:7: logged
\tanother line

=== CONT  TestC
goroutine 8 [running]:
m.TestA.func1()
--- PASS: TestB (0.00s)
\tm/x_test.go:3 +0x2b
created by m.TestA in goroutine 7
word
call(0x1)
\tm/x_test.go:3 +0x1a

TestC prints this
goroutine 1 [chan receive, 2 minutes]:
main.main()
\t_testmain.go:54 +0x9b

TestC prints more
FAIL\tm\t0.1s`);
  expect(summary(report)).toEqual(['panic boom [8 1]']);
  const [block] = report.blocks;
  expect(ranges(block)).toBe('1 7-8 10-11 14 17-19');
  expect(block?.kind === 'panic' && block.dump.goroutines.map((g) => [g.frames.length, g.waitMinutes])).toEqual([
    [1, undefined],
    [1, 2],
  ]);
});

test('a line of another test between the two lines of a pair costs nothing', () => {
  const report = assembleText(`panic: boom

goroutine 8 [running]:
m.TestA.func1()
=== RUN   TestB
--- FAIL: TestB (0.00s)
\tm/x_test.go:3 +0x2b
created by m.TestA in goroutine 7
TestB says (hello)
\tm/x_test.go:3 +0x1a`);
  const [block] = report.blocks;
  expect(ranges(block)).toBe('0-3 6-7 9');
  expect(block?.kind === 'panic' && culpritOf(block)).toMatchObject({ test: 'TestA', goid: 7 });
});

test.each([
  ['1.19: no list', 'panic: test timed out after 1m30s', undefined],
  [
    '1.20 – 1.22: at column 0',
    'panic: test timed out after 1m30s\nrunning tests:\n\tTestA (1m29s)\n\tTestB/c_(d) (0s)',
    2,
  ],
  [
    '1.23+: indented',
    'panic: test timed out after 1m30s\n\trunning tests:\n\t\tTestA (1m29s)\n\t\tTestB/c_(d) (0s)',
    2,
  ],
])('reads the timeout of Go %s', (_go, head, count) => {
  const { blocks } = assembleText(`${head}\n\n${STACK}`);
  const [block] = blocks;
  const timeout = block?.kind === 'panic' ? block.timeout : undefined;
  expect(timeout).toMatchObject({ afterText: '1m30s', afterNs: 90e9 });
  expect(timeout?.running?.map((r) => [r.test, r.elapsedNs])).toEqual(
    count && [
      ['TestA', 89e9],
      ['TestB/c_(d)', 0],
    ],
  );
  expect(block?.text).toBe(`${head}\n\n${STACK}`);
});

test.each([
  ['≤ 1.22, lines at column 0', 'panic: one\ntwo\n\n\tthree', 'one\ntwo\n\n\tthree', 1],
  ['≥ 1.23, lines indented', 'panic: one\n\ttwo\n\t\n\t\tthree', 'one\ntwo\n\n\tthree', 1],
  ['≤ 1.24, recovered', 'panic: boom [recovered]\n\tpanic: boom', 'boom', 2],
  ['≤ 1.22, recovered, two lines', 'panic: a\nb [recovered]\n\tpanic: a\nb', 'a\nb', 2],
  ['≥ 1.25, repanicked', 'panic: boom [recovered, repanicked]', 'boom', 1],
])('reads the message of Go %s', (_go, head, message, count) => {
  const [block] = assembleText(`${head}\n\n${STACK}`).blocks;
  expect(block?.kind === 'panic' && [block.message, block.panics.length]).toEqual([message, count]);
  expect(block?.text).toBe(`${head}\n\n${STACK}`);
});

test('Go 1.23 and later: a line at column 0 is not the message’s when others are indented', () => {
  const [block] = assembleText(`panic: one\n\ttwo\nsomebody else\n\n${STACK}`).blocks;
  expect(block?.kind === 'panic' && block.message).toBe('one\ntwo');
  expect(ranges(block)).toBe('0-1 3-8');
});

test('a log after the end of a test names the test itself', () => {
  const [block] = assembleText(`panic: Log in goroutine after TestLate/sub has completed: too late\n\n${STACK}`).blocks;
  expect(block?.kind === 'panic' && culpritOf(block)).toMatchObject({ test: 'TestLate/sub', by: 'message', goid: 8 });
});

test.each([
  ['talk', 'panic: not one\n--- PASS: TestA (0.00s)'],
  ['talk in the middle of a line', `log: panic: caught\nmore talk\n\n${'x'.repeat(10)}`],
  ['a header alone', 'goroutine 5 [running]:\n\nthat is all'],
  ['a title alone', '==================\nWARNING: DATA RACE\n=================='],
  ['a logged message', '    x_test.go:1: panic: caught\n\nPASS'],
  ['a call alone', 'foo(0x1)\n\tx.go:1'],
])('takes nothing for a block: %s', (_what, text) => {
  expect(summary(assembleText(text))).toEqual([]);
});

test('a panic told to print no stacks is the last word of its package', () => {
  const report = assembleText(
    '=== RUN   TestA\npanic: boom\n\tmore\n[signal SIGSEGV: x code=0x1]\nexit status 2\nFAIL\tm\t0.1s',
  );
  expect(summary(report)).toEqual(['panic boom\nmore []']);
  expect(report.blocks[0]).toMatchObject({
    signal: 'SIGSEGV: x code=0x1',
    text: 'panic: boom\n\tmore\n[signal SIGSEGV: x code=0x1]',
  });
  expect(report.marks).toMatchObject([{ kind: 'exit-status', code: 2, at: 4 }]);
});

test('two goroutines that panic at once are two blocks', () => {
  const report = assembleText(`panic: one\n\n${STACK}\npanic: two\n\n${STACK.replace('8', '9')}\nexit status 2`);
  expect(summary(report)).toEqual(['panic one [8]', 'panic two [9]']);
});

test('a dump of net/http for a recovered panic is no crash', () => {
  const report = assembleText(`2026/11/23 10:00:00 http: panic serving 127.0.0.1:1: boom\n${STACK}`);
  expect(summary(report)).toEqual(['dump [8]']);
  expect(ranges(report.blocks[0])).toBe('1-5');
});

test('a program that prints its stacks twice makes two dumps', () => {
  const all = `${STACK}\n\n${STACK.replace('8', '1')}\n`;
  expect(summary(assembleText(`${all}\n${all}`))).toEqual(['dump [8 1]', 'dump [8 1]']);
});

test('reads C frames, elided frames, unreadable stacks and registers', () => {
  const report = assembleText(`SIGABRT: abort
PC=0x7f m=3 sigcode=18446744073709551610
signal arrived during cgo execution

goroutine 0 gp=0x1 m=3 mp=0x2 [idle]:
pthread_kill
\t./nptl/pthread_kill.c:44 pc=0x7f
non-Go function
\tpc=0x7e
non-Go function at pc=7d
runtime.goexit({})
\truntime/asm_amd64.s:1 +0x1 fp=0x0 sp=0x0 pc=0x1
...additional frames elided...

goroutine 4 gp=0x1 m=4 mp=0x2 [running]:
\tgoroutine running on other thread; stack unavailable
created by m.F in goroutine 1
\tm/x.go:3 +0x1a

r0      0x0\tr1      0x1
pc      0x7f

-----
exit status 2`);
  const [block] = report.blocks;
  expect(block).toMatchObject({ kind: 'signal', name: 'SIGABRT', from: 0, to: 20 });
  const goroutines = block?.kind === 'signal' ? block.dump.goroutines : [];
  expect(goroutines[0]?.frames.map((f) => `${f.func} ${f.file}`)).toEqual([
    'pthread_kill ./nptl/pthread_kill.c',
    'non-Go function undefined',
    'non-Go function undefined',
    'runtime.goexit runtime/asm_amd64.s',
  ]);
  expect(goroutines[0]?.elided).toEqual({ afterFrames: 4, count: undefined });
  expect(goroutines[1]).toMatchObject({ isStackUnavailable: true, createdBy: { func: 'm.F', goid: 1 } });
});

test('reads a timeout of Go 1.27 with labels, a bubble, a leak and the runtime’s own goroutines', () => {
  const report = assembleText(`panic: test timed out after 3s
\trunning tests:
\t\tTestSuite (3s)
\t\tTestSuite/deep (2s)

goroutine 35 [running] {test: "TestSuite/deep case"}:
testing.(*M).startAlarm.func1()
\ttesting/testing.go:2802 +0x605
created by time.goFunc
\ttime/sleep.go:215 +0x2d

goroutine 8 [select (no cases) (durable), 2 minutes, synctest bubble 2] {test: TestSuite, "odd key": "x\\ny"}:
m.(*Pool[...]).Acquire(0xc000012345?, {0x1?, _}, ...)
\tC:/My Projects/m/pool.go:7 +0x1d
created by m_test.TestSuite.func1 in goroutine 7
\tC:/My Projects/m/pool_test.go:9 +0x1

goroutine 17 [chan receive (leaked)]:
m.leak(...)
\tm/leak.go:3
created by m.Open in goroutine 1
\tm/leak.go:2 +0x1

goroutine 4 gp=0x1 m=nil [GOMAXPROCS updater (idle)]:
runtime.gopark(...)
\truntime/proc.go:460
FAIL\tm\t3.1s`);
  expect(summary(report)).toEqual([
    'panic test timed out after 3s\nrunning tests:\n\tTestSuite (3s)\n\tTestSuite/deep (2s) [35 8 17 4]',
  ]);
  const [block] = report.blocks;
  const goroutines = block?.kind === 'panic' ? block.dump.goroutines : [];
  expect(goroutines.map(({ status, labels }) => [status, labels['test']])).toEqual([
    ['running', 'TestSuite/deep case'],
    ['select (no cases)', 'TestSuite'],
    ['chan receive', undefined],
    ['GOMAXPROCS updater (idle)', undefined],
  ]);
  expect(goroutines[0]?.createdBy).toMatchObject({ func: 'time.goFunc', goid: undefined });
  expect(goroutines[1]).toMatchObject({
    isDurable: true,
    waitMinutes: 2,
    bubble: { kind: 'bubble', id: 2 },
    frames: [{ func: 'm.(*Pool[...]).Acquire', file: 'C:/My Projects/m/pool.go', line: 7 }],
  });
  expect(goroutines[2]).toMatchObject({ isLeaked: true, frames: [{ args: '...' }] });
});

const RACE = `==================
WARNING: DATA RACE
Read at 0x00c0 by main goroutine:
  m.F[go.shape.struct { X int }]()
      m/x.go:3 +0x33

Previous atomic write at 0x00c0 by goroutine 8:
  [failed to restore the stack]

Heap block of size 8 at 0x00c0 allocated by goroutine 8:
  m.G()
      C:/a b/x.go:4 +0x1

Goroutine 8 (finished) created at:
  testing.(*T).Run()
      testing/testing.go:2260 +0xb12
==================`;

test('reads every part of a race report', () => {
  const { blocks } = assembleText(RACE);
  expect(blocks).toMatchObject([
    {
      kind: 'race',
      isComplete: true,
      text: RACE,
      accesses: [
        { kind: 'read', isPrevious: false, goid: 1, frames: [{ func: 'm.F[go.shape.struct { X int }]', line: 3 }] },
        { kind: 'atomic write', isPrevious: true, goid: 8, frames: [], isStackRestored: false },
      ],
      location: { text: 'Heap block of size 8 at 0x00c0 allocated by goroutine 8', frames: [{ file: 'C:/a b/x.go' }] },
      goroutines: [{ goid: 8, isRunning: false, frames: [{ func: 'testing.(*T).Run' }] }],
    },
  ]);
});

test('a race report may be cut by others, by a crash, and by the end', () => {
  const lines = RACE.split('\n');
  const cut = [...lines.slice(0, 3), '=== RUN   TestB', ...lines.slice(3, 4), 'hello', '', ...lines.slice(4, 9)];
  const report = assembleText([...cut, 'panic: boom', '', ...STACK.split('\n')].join('\n'));
  expect(summary(report)).toEqual(['race [1 8]', 'panic boom [8]']);
  expect(ranges(report.blocks[0])).toBe('0-2 4 7-10');
  expect(report.blocks[0]).toMatchObject({ isComplete: false });
});

test('reports without an end, one behind the other, stay apart', () => {
  const half = RACE.split('\n').slice(0, 8).join('\n');
  const report = assembleText(`${half}\n${half}\n${RACE}`);
  expect(report.blocks).toHaveLength(3);
});

test('positions are the caller’s, lines may end in CR or begin with test2json’s mark', () => {
  const assembler = createAssembler();
  for (const [i, line] of `\u0016panic: boom\n\n${STACK}`.split('\n').entries())
    assembler.push(`${line}\r`, 1000 + 7 * i);
  expect(assembler.end().blocks).toMatchObject([
    { from: 1000, to: 1042, ranges: [{ from: 1000, to: 1042 }], message: 'boom' },
  ]);
});

test('past its limits it claims lines, keeps none, and says so', () => {
  const dump = Array.from({ length: 10 }, (_, i) => STACK.replace('8', String(i + 1))).join('\n\n');
  const [panic] = assembleText(`panic: boom\n\n${dump}`, { keptLines: 40 }).blocks;
  expect(panic).toMatchObject({ isTruncated: true, ranges: [{ from: 0, to: 60 }] });
  expect(panic?.text.split('\n')).toHaveLength(20);
  expect(panic?.kind === 'panic' && [panic.dump.goroutines.length, panic.dump.droppedGoroutines]).toEqual([3, 7]);
  expect(assembleText(RACE, { keptLines: 6 }).blocks).toMatchObject([
    { from: 0, to: 16, isTruncated: true, text: RACE.split('\n').slice(0, 3).join('\n'), accesses: [{ frames: [] }] },
  ]);
  expect(assembleText('exit status 1\nexit status 2', { marks: 1 })).toMatchObject({
    droppedMarks: 1,
    marks: [{ code: 1 }],
  });
});

test('no number of races or printed stacks crowds out a crash', () => {
  const report = assembleText(`${`${RACE}\n${STACK}\n`.repeat(50)}panic: boom\n\n${STACK}`, {
    keptLines: 20,
    blocks: 3,
  });
  expect(report.blocks.map((block) => block.kind)).toEqual(['race', 'dump', 'race', 'dump', 'race', 'dump', 'panic']);
  expect(report.blocks.at(-1)).toMatchObject({ isTruncated: false, text: `panic: boom\n\n${STACK}` });
  expect(report.droppedBlocks).toBe(94);
});

test('a block is over when too many lines of others came', () => {
  const noise = Array.from({ length: 11 }, (_, i) => (i % 3 === 0 ? '' : `line (${i})`)).join('\n');
  const report = assembleText(`panic: boom\n\n${STACK}\n${noise}\n\n${STACK}`, { gapLines: 10 });
  expect(summary(report)).toEqual(['panic boom [8]', 'dump [8]']);
});
