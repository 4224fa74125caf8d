// What e2e/recordings/README.md says of each recording.
import { expect, test } from 'vitest';
import { assembleRecording, readLines } from '../test/read-recording.ts';
import {
  bucketGoroutines,
  culpritOf,
  isInCleanup,
  ownerOf,
  ownerOfAccess,
  ownersOf,
  testingWait,
  waitSite,
  type Block,
  type Dump,
  type Frame,
  type Goroutine,
  type Report,
} from './index.ts';

const GO_VERSIONS = ['1.22', '1.23', '1.24', '1.25', '1.26', '1.27'];

/** The only block of its kind. */
function only<K extends Block['kind']>(report: Report, kind: K): Extract<Block, { kind: K }> {
  const found = report.blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as Extract<Block, { kind: K }>;
}

const owned = (dump: Dump, test: string): Goroutine[] =>
  dump.goroutines.filter((goroutine) => ownerOf(goroutine, dump)?.test === test);

const site = (frame: Frame | undefined): string | undefined =>
  frame && `${frame.file?.split('/').at(-1)}:${frame.line}`;

const statusesOf = (dump: Dump): string[] => dump.goroutines.map(({ goid, status }) => `${goid} ${status}`);

/** A dead process writes its last words undisturbed: the block is one run of lines, up to the end or `FAIL`. */
function expectWholeTail(recording: string, block: Block, pkg?: string): void {
  const tail = readLines(recording, pkg).filter((line) => line.at >= block.from && line.at <= block.to);
  expect(block.text).toBe(tail.map((line) => line.text).join('\n'));
  expect(block.ranges).toEqual([{ from: block.from, to: block.to }]);
  expect(block.isTruncated).toBe(false);
}

test('hang-timeout: the dump says who hangs where, whatever test it was pinned on', () => {
  const report = assembleRecording('streams/hang-timeout.jsonl');
  const block = only(report, 'panic');
  expect(report.blocks).toHaveLength(1);
  expectWholeTail('streams/hang-timeout.jsonl', block);
  expect(
    new Set(
      readLines('streams/hang-timeout.jsonl').flatMap((l) => (l.at >= block.from && l.at <= block.to ? [l.test] : [])),
    ),
  ).toEqual(new Set(['TestSelect']));
  expect(block.timeout).toEqual({
    afterText: '1s',
    afterNs: 1e9,
    running: [
      { test: 'TestHangMutex', elapsedText: '1s', elapsedNs: 1e9 },
      { test: 'TestSelect', elapsedText: '1s', elapsedNs: 1e9 },
    ],
  });
  expect(culpritOf(block)).toBeUndefined();

  const [mutex] = owned(block.dump, 'TestHangMutex');
  expect(mutex?.status).toBe('sync.Mutex.Lock');
  expect(mutex && waitSite(mutex).call?.func).toBe('sync.(*Mutex).Lock');
  expect(mutex && site(waitSite(mutex).user)).toBe('x_test.go:4');

  const [select, child] = owned(block.dump, 'TestSelect');
  expect(select?.status).toBe('sync.WaitGroup.Wait');
  expect(select && waitSite(select).call?.func).toBe('sync.(*WaitGroup).Wait');
  expect(select && site(waitSite(select).user)).toBe('x_test.go:7');
  expect(child && ownerOf(child, block.dump)).toMatchObject({ test: 'TestSelect', by: 'creator', goid: 8 });

  for (const paused of ['TestHangChan', 'TestSleepy']) {
    expect(owned(block.dump, paused).map(testingWait)).toEqual(['no-slot']);
  }
  expect(bucketGoroutines(block.dump).map((b) => `${b.goroutines[0]?.goid} ${b.noise ?? 'blame'}`)).toEqual([
    '5 blame',
    '8 blame',
    '9 blame',
    '20 alarm',
    '1 testing',
    '6 testing',
    '7 testing',
  ]);
});

test('bgpanic: a test that has passed kills another', () => {
  const block = only(assembleRecording('streams/bgpanic.jsonl'), 'panic');
  expectWholeTail('streams/bgpanic.jsonl', block);
  expect(block.message).toBe('background boom');
  expect(culpritOf(block)).toEqual({
    test: 'TestLeaker',
    by: 'creator',
    goid: 7,
    func: 'example.com/rec/bgpanic.TestLeaker',
  });
});

test('panics: the inner test is known as a closure of the outer', () => {
  const block = only(assembleRecording('streams/panics.jsonl'), 'panic');
  expectWholeTail('streams/panics.jsonl', block);
  expect(block.panics).toEqual([{ text: 'assignment to entry in nil map', recovery: 'recovered, repanicked' }]);
  expect(culpritOf(block)).toMatchObject({
    test: 'TestPanic',
    by: 'frame',
    func: 'example.com/rec/panics.TestPanic.func1',
  });
});

test('deadlock-notimeout: a fatal error, and who waits', () => {
  const block = only(assembleRecording('streams/deadlock-notimeout.jsonl'), 'fatal');
  expectWholeTail('streams/deadlock-notimeout.jsonl', block);
  expect(block.message).toBe('all goroutines are asleep - deadlock!');
  expect(culpritOf(block)).toBeUndefined();
  expect(block.dump.goroutines.map((g) => [g.goid, testingWait(g), ownerOf(g, block.dump)?.test])).toEqual([
    [1, 'run', undefined],
    [19, undefined, 'TestDead'],
  ]);
});

test('segv: the signal of a nil dereference', () => {
  const block = only(assembleRecording('streams/segv.jsonl'), 'panic');
  expect(block.message).toBe('runtime error: invalid memory address or nil pointer dereference');
  expect(block.signal).toBe('SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x5438a2');
  expect(culpritOf(block)?.test).toBe('TestNilDeref');
});

test('mainpanic: nobody’s test', () => {
  const block = only(assembleRecording('streams/mainpanic.jsonl'), 'panic');
  expect(block.message).toBe('main panic');
  expect(culpritOf(block)).toBeUndefined();
});

test('interrupt and exit3 leave no block, one leaves a mark', () => {
  const { blocks, marks } = assembleRecording('streams/interrupt.jsonl');
  expect(blocks).toEqual([]);
  expect(marks.map((mark) => mark.text)).toEqual(['signal: interrupt']);
  expect(assembleRecording('streams/exit3.jsonl')).toMatchObject({ blocks: [], marks: [] });
});

test('race: two reports, each with its own mark', () => {
  const { blocks, marks } = assembleRecording('streams/race.jsonl');
  const races = blocks.filter((block) => block.kind === 'race');
  expect(marks.map((mark) => mark.kind)).toEqual(['race-in-test', 'race-in-test']);
  expect(blocks).toHaveLength(2);
  expect(races.map((race) => race.isComplete)).toEqual([true, true]);
  expect(races.map((race) => race.accesses.map((a) => `${a.isPrevious} ${a.kind} ${a.goid} ${a.address}`))).toEqual([
    ['false read 9 0x00c000094178', 'true write 8 0x00c000094178'],
    ['false read 11 0x00c0000941d8', 'true write 10 0x00c0000941d8'],
  ]);
  expect(races.map((race) => race.goroutines.map((g) => `${g.goid} ${g.isRunning}`))).toEqual([
    ['9 true', '8 true'],
    ['11 true', '10 true'],
  ]);
  for (const race of races) {
    expect(race.accesses.map((access) => ownerOfAccess(access, race))).toMatchObject([
      { test: 'TestRace', by: 'creator' },
      { test: 'TestRace', by: 'frame' },
    ]);
    expectWholeTail('streams/race.jsonl', race);
  }
});

test.each(['interleave', 'parallel', 'noeol', 'noeol-v', 'example', 'attrs', 'longs', 'delayed', 'count3'])(
  '%s: nothing is taken for a block',
  (name) => {
    expect(assembleRecording(`streams/${name}.jsonl`).blocks).toEqual([]);
  },
);

test.each(['context.jsonl', 'database_sql.jsonl.gz', 'io.jsonl', 'net_http.jsonl.gz', 'sync.jsonl'])(
  'std/%s: nothing is taken for a block',
  (name) => {
    expect(assembleRecording(`std/${name}`).blocks).toEqual([]);
  },
);

test.each(GO_VERSIONS)('shop, Go %s: auth deadlocks on two locks until the timeout', (version) => {
  const recording = `shop/go${version}/run.jsonl`;
  const pkg = 'example.com/shop/auth';
  const block = only(assembleRecording(recording, pkg), 'panic');
  expectWholeTail(recording, block, pkg);
  expect(block.timeout).toEqual({
    afterText: '5s',
    afterNs: 5e9,
    running: [{ test: 'TestSessionDeadlock', elapsedText: '5s', elapsedNs: 5e9 }],
  });
  const sites = owned(block.dump, 'TestSessionDeadlock').map((g) => {
    const { call, user } = waitSite(g);
    return `${call?.func} ${site(user)}`;
  });
  expect(sites.sort()).toEqual([
    'sync.(*Mutex).Lock auth_test.go:35',
    'sync.(*Mutex).Lock auth_test.go:36',
    'sync.(*WaitGroup).Wait auth_test.go:37',
  ]);
  expect(block.dump.goroutines).toHaveLength(5);
});

test.each(GO_VERSIONS)('shop, Go %s: reports dies of a Goexit in a subtest', (version) => {
  const recording = `shop/go${version}/run.jsonl`;
  const pkg = 'example.com/shop/reports';
  const block = only(assembleRecording(recording, pkg), 'panic');
  expectWholeTail(recording, block, pkg);
  expect(block.message).toBe('test executed panic(nil) or runtime.Goexit');
  expect(culpritOf(block)).toMatchObject({
    test: 'TestAssertPluginGoexit',
    func: 'example.com/shop/reports.TestAssertPluginGoexit.func2',
  });
});

const dumps = (name: string): Report => assembleRecording(`dumps/go1.26/${name}.jsonl`);

test('sigquit: head, stacks with frame pointers, registers', () => {
  const block = only(dumps('sigquit'), 'signal');
  expectWholeTail('dumps/go1.26/sigquit.jsonl', block);
  expect([block.name, block.message]).toEqual(['SIGQUIT', 'SIGQUIT: quit']);
  expect(block.text.split('\n').at(-1)).toBe('gs     0x0');
  expect(block.dump.goroutines).toHaveLength(9);
  expect(owned(block.dump, 'TestQuit').map((g) => g.status)).toEqual(['sleep', 'select (no cases)']);
});

test('overflow: the runtime’s words above, its own stack, millions of frames left out', () => {
  const block = only(dumps('overflow'), 'fatal');
  expectWholeTail('dumps/go1.26/overflow.jsonl', block);
  expect(block.message).toBe('stack overflow');
  expect(block.text).toMatch(/^runtime: goroutine stack exceeds/);
  expect(block.dump.runtimeStack?.map((frame) => frame.func)).toEqual([
    'runtime.throw',
    'runtime.newstack',
    'runtime.morestack',
  ]);
  expect(block.dump.goroutines[0]?.elided).toEqual({ afterFrames: 50, count: 44_739_054 });
  expect(culpritOf(block)?.test).toBe('TestOverflow');
});

test('mapwrite: the goroutine that noticed', () => {
  const block = only(dumps('mapwrite'), 'fatal');
  expect(block.message).toBe('concurrent map writes');
  expect(culpritOf(block)).toMatchObject({ test: 'TestMap', by: 'creator' });
});

test('labels: a message of four lines, and the label is the owner', () => {
  const block = only(dumps('labels'), 'panic');
  expect(block.message).toBe('boom\nsecond line\n\nfourth');
  expect(block.dump.goroutines[0]?.labels).toEqual({ 'a]b': 'x"y\né', plain: 'v', test: 'TestLabels' });
  expect(culpritOf(block)).toMatchObject({ test: 'TestLabels', by: 'label' });
});

test('ancestors: the way up is in the dump', () => {
  const [goroutine] = only(dumps('ancestors'), 'panic').dump.goroutines;
  expect(goroutine?.frames).toHaveLength(1);
  expect(goroutine?.ancestors.map((a) => [a.frames.length, a.createdBy?.func.split('/').at(-1)])).toEqual([
    [1, 'ancestors.TestAnc'],
    [2, 'testing.(*T).Run'],
    [6, undefined],
  ]);
});

test('bubble: every goroutine of a synctest bubble belongs to the outer test', () => {
  const { dump } = only(dumps('bubble'), 'panic');
  expect(dump.goroutines.map((g) => [ownerOf(g, dump)?.test, g.bubble?.id, g.isDurable])).toEqual([
    ['TestBubble', undefined, false],
    ['TestBubble', 1, true],
    ['TestBubble', 1, true],
    ['TestBubble', 1, true],
  ]);
});

test('nested: two values, the last one killed', () => {
  const block = only(dumps('nested'), 'panic');
  expect(block.panics).toEqual([
    { text: 'inner\nline', recovery: undefined },
    { text: 'x.S("outer\nline")', recovery: 'recovered, repanicked' },
  ]);
  expect(block.message).toBe('x.S("outer\nline")');
});

test('printed: stacks that a test prints itself are no crash, and its talk is none either', () => {
  const report = dumps('printed');
  expect(report.blocks.map((block) => block.kind)).toEqual(['dump', 'dump', 'dump']);
  expect(report.blocks.map((block) => block.kind === 'dump' && statusesOf(block.dump).length)).toEqual([1, 1, 2]);
  expect(report.blocks.map((block) => block.text).join('\n')).not.toMatch(/not one|foo\(0x1\)|goroutine 5|2026/);
});

test('noeol: a head in the middle of a line', () => {
  expect(culpritOf(only(dumps('noeol'), 'panic'))).toMatchObject({ test: 'TestDots', by: 'creator' });
  const crash = only(dumps('noeol-crash'), 'panic');
  expect(crash.message).toBe('mid');
  expect(crash.dump.goroutines).toHaveLength(8);
  expect(dumps('noeol-none').blocks).toEqual([]); // without stacks it could as well be talk
});

test('cleanup: a wait in a cleanup is blamed on the test', () => {
  const { dump } = only(dumps('cleanup'), 'panic');
  const hanging = owned(dump, 'TestCleanup').filter((g) => testingWait(g) === undefined);
  expect(hanging.map((g) => [isInCleanup(g), site(waitSite(g).user)])).toEqual([[true, 'x_test.go:10']]);
});

test.each([
  ['bench', 'BenchmarkHang', ['run', 'serial-subtest', undefined]],
  ['fuzz', 'FuzzHang', [undefined, 'run', 'serial-subtest', undefined]],
  ['example', 'Example_hang', [undefined, undefined, undefined]],
  ['suite', 'TestSuite', [undefined, 'run', 'serial-subtest', undefined]],
])('%s: all but the run itself is owned by %s', (name, owner, waits) => {
  const [block] = dumps(name).blocks;
  const dump = block?.kind === 'panic' || block?.kind === 'fatal' ? block.dump : undefined;
  expect(dump?.goroutines.map(testingWait)).toEqual(waits);
  expect(new Set([...(dump ? ownersOf(dump) : [])].map(([, found]) => found.test))).toEqual(new Set([owner]));
});

test('race, Go 1.26: two races of a test, one of nobody', () => {
  const { blocks, marks } = dumps('race');
  const owners = blocks.map((b) => (b.kind === 'race' ? b.accesses.map((a) => ownerOfAccess(a, b)?.test) : []));
  expect(owners).toEqual([
    ['TestRace', 'TestRace'],
    ['TestRace', 'TestRace'],
    [undefined, undefined],
  ]);
  expect(marks.map((mark) => mark.kind)).toEqual(['race-in-test']);
});
