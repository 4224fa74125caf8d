import { expect, test } from 'vitest';
import { assembleText } from '../test/read-recording.ts';
import { ownerOf, ownerOfAccess, ownersOf, type Dump, type Owner } from './index.ts';

/** Below a line `goid [status] {labels}`: frames `func file`, then `< func goid` for the creator. */
function dumpOf(picture: string): Dump {
  const lines = picture
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap((line) => {
      const creator = /^< (\S+)(?: (\d+))?$/.exec(line);
      if (creator)
        return [`created by ${creator[1]}${creator[2] ? ` in goroutine ${creator[2]}` : ''}`, '\tm/x_test.go:1'];
      const [func = '', file = 'm/x_test.go'] = line.split(' ');
      return /^\d/.test(line) ? ['', `goroutine ${line}:`] : [`${func}()`, `\t${file}:1 +0x1`];
    });
  const [block] = assembleText(['panic: boom', ...lines].join('\n')).blocks;
  if (block?.kind !== 'panic') throw new Error('not a dump');
  return block.dump;
}

const owners = (dump: Dump): (string | undefined)[] =>
  dump.goroutines.map((goroutine) => {
    const owner = ownerOf(goroutine, dump);
    expect(ownersOf(dump).get(goroutine)).toEqual(owner);
    return owner && words(owner);
  });

const words = ({ test, by, goid }: Owner): string => `${test} by ${by} of ${goid}`;

test('a label is the best owner, and holds for what the labelled goroutine created', () => {
  const dump = dumpOf(`
    5 [select] {test: TestA/sub}
      m.TestB.func1
      testing.tRunner testing/testing.go
      < testing.(*T).Run 1
    6 [select]
      m.work m/work.go
      < m.start 5
  `);
  expect(owners(dump)).toEqual(['TestA/sub by label of 5', 'TestA/sub by creator of 5']);
});

test('the frame right under the runner is the test, whatever helpers stand above', () => {
  const dump = dumpOf(`
    5 [select]
      m.TestHelper m/helper.go
      other.TestUtil other/x_test.go
      m.TestA.func1
      testing.tRunner testing/testing.go
      < testing.(*T).Run 1
  `);
  expect(owners(dump)).toEqual(['TestA by frame of 5']);
});

test('a subtest given as a plain function belongs to the test that ran it', () => {
  const dump = dumpOf(`
    5 [chan receive]
      testing.(*T).Run testing/testing.go
      m.TestA
      testing.tRunner testing/testing.go
      < testing.(*T).Run 1
    6 [select]
      m.check m/check.go
      testing.tRunner testing/testing.go
      < testing.(*T).Run 5
    7 [select]
      m.work m/work.go
      < m.check 6
  `);
  expect(owners(dump)).toEqual(['TestA by frame of 5', 'TestA by creator of 5', 'TestA by creator of 5']);
});

test('a creator that is gone still names the test by its function', () => {
  const dump = dumpOf(`
    9 [IO wait]
      m.(*Server).serve m/server.go
      < m.TestServe.func2 8
    10 [IO wait]
      m.(*Server).conn m/server.go
      < m.(*Server).serve 9
    11 [select]
      m.work m/work.go
      m.TestC.func1
      < m.spawn 99
    12 [select]
      m.work m/work.go
      < m.spawn 98
  `);
  expect(owners(dump)).toEqual([
    'TestServe by creator of 8',
    'TestServe by creator of 8',
    'TestC by closure of 11',
    undefined,
  ]);
});

test('timers, TestMain and helpers outside of test files have no owner', () => {
  const dump = dumpOf(`
    3 [running]
      context.WithDeadlineCause.func2 context/context.go
      < time.goFunc
    1 [chan receive]
      testing.tRunner.func1 testing/testing.go
      testing.tRunner testing/testing.go
      testing.runTests testing/testing.go
      testing.(*M).Run testing/testing.go
      m.TestMain
      main.main _testmain.go
    4 [select]
      m.TestServer.func1 m/server.go
      < m.NewServer 90
  `);
  expect(owners(dump)).toEqual([undefined, undefined, undefined]);
});

test('creators that form a ring end the search', () => {
  const dump = dumpOf(`
    5 [select]
      m.a m/a.go
      < m.b 6
    6 [select]
      m.b m/a.go
      < m.a 5
    7 [select]
      m.c m/a.go
      < m.c 7
  `);
  expect(owners(dump)).toEqual([undefined, undefined, undefined]);
});

test('a chain of 100,000 creators is walked once', () => {
  const goroutines = Array.from({ length: 100_000 }, (_, i) => ({
    ...base,
    goid: i + 1,
    createdBy: { func: i === 0 ? 'm.TestA' : 'm.f', goid: i, file: 'm/x_test.go', line: 1 },
  }));
  const found = ownersOf({ goroutines, runtimeStack: undefined, droppedGoroutines: 0 });
  expect(found.size).toBe(100_000);
});

const base = {
  status: 'select',
  waitMinutes: undefined,
  isLockedToThread: false,
  isLeaked: false,
  isDurable: false,
  isScan: false,
  bubble: undefined,
  labels: {},
  gp: undefined,
  m: undefined,
  mp: undefined,
  rest: '',
  at: 0,
  frames: [],
  elided: undefined,
  isStackUnavailable: false,
  ancestors: [],
};

test('an access of a race is known by its stack, its creation, or its name', () => {
  const [race] = assembleText(`==================
WARNING: DATA RACE
Write at 0x1 by goroutine 9:
  m.work()
      m/work.go:1 +0x1

Previous read at 0x1 by goroutine 8:
  m.TestB.func3()
      m/x_test.go:1 +0x1

Goroutine 9 (running) created at:
  m.start()
      m/work.go:1 +0x1
  m.TestA()
      m/x_test.go:1 +0x1
  testing.tRunner()
      testing/testing.go:1 +0x1
==================`).blocks;
  const found = race?.kind === 'race' ? race.accesses.map((access) => ownerOfAccess(access, race)) : [];
  expect(found.map((owner) => owner && `${owner.test} by ${owner.by}`)).toEqual([
    'TestA by creator',
    'TestB by closure',
  ]);
});
