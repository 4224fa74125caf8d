import { iterateRows, rowAt } from '@observe/base';
import { foldText, recordingText } from '@observe/testkit';
import { describe, expect, test } from 'vitest';
import { rangesOf, testsOf, verdictOf, wallNsOf, type PackageState, type RunState, type TestState } from './index.ts';

/* Every row of the corpus' README that speaks of streams, as a test of what it says. */

const stream = (name: string): RunState => foldText(recordingText(`streams/${name}`));
const packages = (run: RunState): PackageState[] => [...iterateRows(run.packages)];
const tests = (run: RunState): TestState[] => [...iterateRows(run.tests)];
const only = (run: RunState): PackageState => {
  expect(run.packages.length).toBe(1);
  return packages(run)[0]!;
};
const named = (run: RunState, name: string): TestState => {
  const found = tests(run).find((t) => t.name === name);
  if (found === undefined) throw new Error(`no test ${name}`);
  return found;
};
const outcomes = (run: RunState): Record<string, string> =>
  Object.fromEntries(tests(run).map((t) => [t.name, t.outcome]));

describe('parallel', () => {
  const run = stream('parallel.jsonl');

  test('has 14 tests, and a slash inside a name makes no parent', () => {
    expect(tests(run)).toHaveLength(14);
    const odd = named(run, 'TestGroup/a/b');
    expect(rowAt(run.tests, odd.parent)?.name).toBe('TestGroup');
    expect(tests(run).map((t) => t.name)).not.toContain('TestGroup/a');
  });

  test('fails TestFailSub and its subtest, passes the repeated name', () => {
    expect(outcomes(run)).toMatchObject({
      'TestFailSub/bad': 'fail',
      TestFailSub: 'fail',
      'TestFailSub/bad#01': 'pass',
    });
    expect(verdictOf(run)).toBe('failed');
    expect(run.counts).toEqual({ pass: 11, fail: 2, skip: 1, running: 0, lost: 0, neverStarted: 0 });
  });

  test('tells apart waiting for serial siblings and waiting for a slot', () => {
    const phases = (name: string): number[] => named(run, name).segments.filter((_, i) => i % 2 === 1);
    const [running, paused, queued, waiting, cleanup] = [0, 1, 2, 3, 4];
    expect(phases('TestParA')).toEqual([running, paused, running]); // the first to go on: never waited for a slot
    expect(phases('TestParB')).toEqual([running, paused, queued, running]);
    expect(phases('TestGroup/z_w')).toEqual([running, paused, queued, running]);
    expect(phases('TestGroup')).toEqual([
      running,
      paused,
      queued,
      running,
      waiting,
      running,
      waiting,
      running,
      waiting,
      running,
      waiting,
      running,
      waiting,
      running,
      waiting,
      cleanup,
    ]);
  });
});

test('interleave: every test has its lines, and those printed beside others are not called its own', () => {
  const run = stream('interleave.jsonl');
  for (const t of tests(run)) {
    const alone = t.output.ranges.filter((_, i) => i % 3 === 2);
    expect(alone).toContain(0);
  }
  expect(tests(run).reduce((sum, t) => sum + t.output.lines, 0)).toBeGreaterThanOrEqual(240);
});

test('delayed: TestQuick ends at its result line, not at its event', () => {
  const quick = named(stream('delayed.jsonl'), 'TestQuick');
  expect(wallNsOf(stream('delayed.jsonl'), quick)).toBeLessThan(60e6);
  expect((quick.reportedNs ?? 0) - (quick.endNs ?? 0)).toBeGreaterThan(1.4e9);
  expect(quick.repaired).toEqual([]);
});

describe('hang-timeout', () => {
  const run = stream('hang-timeout.jsonl');

  test('calls the two that ran lost and the two that never got a slot never started', () => {
    expect(outcomes(run)).toEqual({
      TestOK: 'pass',
      TestHangMutex: 'lost',
      TestHangChan: 'never-started',
      TestSleepy: 'never-started',
      TestSelect: 'lost',
    });
    expect(tests(run).filter((t) => t.endNs === undefined)).toHaveLength(4);
    expect(named(run, 'TestHangMutex').lost).toEqual({ kind: 'timeout', text: 'panic: test timed out after 1s' });
  });

  test('gives the dump to the package, not to TestSelect', () => {
    const pkg = only(run);
    expect(pkg.crash).toMatchObject({ kind: 'timeout', running: ['TestHangMutex', 'TestSelect'] });
    expect(pkg.processOutput.length).toBeGreaterThan(0);
    expect(named(run, 'TestSelect').output.lines).toBeGreaterThanOrEqual(3); // its own three frames
    expect([...rangesOf(named(run, 'TestSelect').output, run.seq)].reduce((n, [from, to]) => n + to - from, 0)).toBe(3);
    expect(pkg.repaired).toContain('misplaced-timeout');
  });
});

test('interrupt: four tests have no end, and the signal is the reason', () => {
  const run = stream('interrupt.jsonl');
  const open = tests(run).filter((t) => t.endNs === undefined);
  expect(open.map((t) => t.outcome)).toEqual(['lost', 'never-started', 'never-started', 'lost']);
  expect(open[0]?.lost).toEqual({ kind: 'interrupted', text: 'signal: interrupt' });
});

test('deadlock-notimeout: TestDead is lost to the fatal error', () => {
  const run = stream('deadlock-notimeout.jsonl');
  expect(named(run, 'TestDead')).toMatchObject({
    outcome: 'lost',
    lost: { kind: 'fatal', text: 'fatal error: all goroutines are asleep - deadlock!' },
  });
});

test('panics: the panicking test and its parent fail, TestPar stays paused for ever', () => {
  const run = stream('panics.jsonl');
  expect(outcomes(run)).toMatchObject({ 'TestPanic/inner': 'fail', TestPanic: 'fail', TestPar: 'never-started' });
  expect(only(run).crash?.kind).toBe('panic');
});

test('bgpanic: TestInnocent is lost, TestLeaker passed, the panic belongs to the package', () => {
  const run = stream('bgpanic.jsonl');
  expect(outcomes(run)).toEqual({ TestLeaker: 'pass', TestInnocent: 'lost' });
  expect(only(run).crash).toMatchObject({ kind: 'panic', text: 'panic: background boom' });
  expect(only(run).repaired).toContain('misplaced-dump');
});

test('exit3: the running test has no end, only the package fails', () => {
  const run = stream('exit3.jsonl');
  expect(outcomes(run)).toEqual({ TestA: 'pass', TestExit3: 'lost' });
  expect(named(run, 'TestExit3').lost?.kind).toBe('exit');
  expect(only(run).outcome).toBe('fail');
});

test('segv: a failure and a panic', () => {
  const run = stream('segv.jsonl');
  expect(named(run, 'TestNilDeref').outcome).toBe('fail');
  expect(only(run).crash?.text).toMatch(/^panic: runtime error: invalid memory address or nil pointer dereference/);
});

test.each([
  ['builderr.jsonl', 'compile'],
  ['veterr.jsonl', 'vet'],
  ['setuperr.jsonl', 'setup'],
])('%s: one card for the broken build, of kind %s', (name, kind) => {
  const run = stream(name);
  const pkg = only(run);
  const build = rowAt(run.builds, pkg.failedBuild);
  expect(build).toMatchObject({ kind, isFailed: true, packages: [pkg.row], importPath: pkg.failedBuildPath });
  expect(verdictOf(run)).toBe('failed');
  expect(run.builds.length).toBe(1);
});

test('longbuild: lines of 70 kB and 210 kB are read whole', () => {
  const run = stream('longbuild.jsonl.gz');
  const build = rowAt(run.builds, 0);
  expect(build?.isFailed).toBe(true);
  expect(build?.importPath.length).toBeGreaterThan(70_000);
  expect(build?.output.chars).toBeGreaterThan(70_000);
});

test('nonjson-mixed: text lines are kept in place and tied to the package that they speak of', () => {
  const run = stream('nonjson-mixed.jsonl');
  expect(run.quality.strays).toBe(3);
  const broken = packages(run).find((p) => p.name.endsWith('builderr'));
  expect(rowAt(run.builds, broken?.failedBuild ?? -1)).toMatchObject({ kind: 'text', isFailed: true });
  expect(broken?.repaired).toContain('text-build');
  expect(outcomes(run)).toEqual({ TestA: 'pass', TestExit3: 'lost' });
});

test('cached1: marked as cached; durations are those of the old run', () => {
  const run = stream('cached1.jsonl');
  const cached = packages(run).filter((p) => p.isCached);
  expect(cached.length).toBeGreaterThan(0);
  for (const pkg of cached) {
    expect(pkg.repaired).toContain('cached-replay');
    for (const t of testsOf(run, pkg)) expect(wallNsOf(run, t)).toBe(t.elapsedNs);
  }
});

test('count3: three executions of one name', () => {
  const run = stream('count3.jsonl');
  const byName = new Map<string, number[]>();
  for (const t of tests(run)) byName.set(t.name, [...(byName.get(t.name) ?? []), t.occurrence]);
  for (const occurrences of byName.values()) expect(occurrences).toEqual([1, 2, 3]);
});

test('multi-p4: packages interleave and keep their own tests', () => {
  const run = stream('multi-p4.jsonl');
  expect(run.packages.length).toBeGreaterThan(3);
  for (const pkg of packages(run)) for (const t of testsOf(run, pkg)) expect(t.package).toBe(pkg.row);
  expect(tests(run).filter((t) => t.outcome === 'running')).toEqual([]);
});

test('bench: a passing benchmark ends at its result line, a parent with its last sub-benchmark', () => {
  const run = stream('bench.jsonl');
  const a = named(run, 'BenchmarkA');
  expect(a).toMatchObject({ outcome: 'pass', kind: 'benchmark', repaired: ['benchmark-end'] });
  expect(a.more?.benchmark).toMatch(/ns\/op$/);
  expect(named(run, 'BenchmarkLog').more?.benchmark).toMatch(/widgets\/op$/);
  const sub = named(run, 'BenchmarkSub');
  expect(sub.outcome).toBe('pass');
  expect(sub.endNs).toBe(
    Math.max(
      ...tests(run)
        .filter((t) => t.parent === sub.row)
        .map((t) => t.endNs ?? 0),
    ),
  );
  expect(run.counts.lost + run.counts.running).toBe(0);
});

test('fuzz-seed: seeds are subtests', () => {
  const run = stream('fuzz-seed.jsonl');
  const seed = named(run, 'FuzzSeed/seed#0');
  expect(rowAt(run.tests, seed.parent)).toMatchObject({ name: 'FuzzSeed', kind: 'fuzz' });
});

test('example: Example_bad fails, and got/want after its result line are its output', () => {
  const bad = named(stream('example.jsonl'), 'Example_bad');
  expect(bad).toMatchObject({ outcome: 'fail', kind: 'example' });
  expect(bad.output.lines).toBe(6);
});

test('cover: coverage is the package’s', () => {
  const run = stream('cover.jsonl');
  expect(packages(run).map((p) => p.coverage)).toContainEqual(expect.stringMatching(/statements/));
});

test('race: two reports, each with its own mark on a test', () => {
  const run = stream('race.jsonl');
  expect(only(run).races).toBe(2);
  expect(
    tests(run)
      .filter((t) => t.more?.hasRace)
      .map((t) => t.name),
  ).toEqual(['TestRace', 'TestRace/sub']);
  expect(only(run).repaired).toContain('misplaced-race');
});

test('attrs: an empty value is empty, not absent; artifacts give a directory', () => {
  const run = stream('attrs-artifacts.jsonl');
  expect(named(run, 'TestAttr').more?.attributes).toEqual([
    ['owner', 'team a b c'],
    ['empty', ''],
  ]);
  expect(named(run, 'TestArt').more?.artifactDir).toMatch(/_artifacts/);
  expect(tests(run).map((t) => t.outcome)).not.toContain('running');
  expect(run.quality.unknownActions.size).toBe(0);
});

test('longs: frames over 4,096 bytes are read from the text', () => {
  const run = stream('longs.jsonl');
  const long = tests(run).find((t) => t.name.startsWith('TestLongName/nnn'));
  expect(long?.name.length).toBeGreaterThan(4096);
  expect(long).toMatchObject({ outcome: 'pass', repaired: ['long-frame'] });
  expect(only(run).outcome).toBe('pass');
});

describe('noeol', () => {
  test('a clean stream loses nothing; the forged run is marked', () => {
    const run = stream('noeol.jsonl');
    const real = tests(run).filter((t) => t.name !== 'Fake');
    expect(real).toHaveLength(7);
    expect(real.flatMap((t) => t.repaired)).toEqual([]);
    expect(named(run, 'Fake')).toMatchObject({ outcome: 'lost', repaired: ['forged-frame', 'missing-end'] });
    expect(run.quality.midlineFrames).toBe(0);
  });

  test('with -v five of seven tests lose events; their results are read from the text, and marked', () => {
    const run = stream('noeol-v.jsonl');
    expect(run.quality.midlineFrames).toBeGreaterThan(0);
    const seven = [
      'TestNoNewline',
      'TestNoNewlineFail',
      'TestStderr',
      'TestBinary',
      'TestFakeFrames',
      'TestCR',
      'TestBig',
    ];
    expect(seven.map((name) => named(run, name).outcome)).toEqual([
      'pass',
      'fail',
      'pass',
      'pass',
      'pass',
      'pass',
      'pass',
    ]);
    expect(seven.filter((name) => named(run, name).repaired.includes('read-from-text'))).toHaveLength(5);
  });
});

test('notests, nofiles, mainout, mainpanic: a package without a test event', () => {
  expect(only(stream('notests.jsonl'))).toMatchObject({ outcome: 'pass', emptiness: 'no-tests-to-run' });
  expect(only(stream('nofiles.jsonl'))).toMatchObject({ outcome: 'skip', emptiness: 'no-test-files' });
  expect(only(stream('mainout.jsonl')).output.lines).toBeGreaterThanOrEqual(4);
  expect(only(stream('mainpanic.jsonl'))).toMatchObject({ outcome: 'fail', crash: { kind: 'panic', pinnedOn: -1 } });
});

describe.each(['1.22', '1.23', '1.24', '1.25', '1.26', '1.27'])('shop, Go %s', (version) => {
  const run = foldText(recordingText(`shop/go${version}/run.jsonl`));
  const pkg = (name: string): PackageState => packages(run).find((p) => p.name.endsWith('/' + name))!;

  test('payments passes whole, with the leaked goroutine’s 20 lines under other tests', () => {
    expect(pkg('payments').outcome).toBe('pass');
    expect(named(run, 'TestSlowPoll').outcome).toBe('pass');
    const slow = wallNsOf(run, named(run, 'TestSlowPoll')) ?? 0;
    expect(slow).toBeGreaterThan(0.4e9);
    expect(slow).toBeLessThan(0.6e9);
  });

  test('auth times out: TestSessionDeadlock is lost, TestNeverStarted never came', () => {
    expect(pkg('auth').crash).toMatchObject({ kind: 'timeout', running: ['TestSessionDeadlock'] });
    expect(named(run, 'TestSessionDeadlock')).toMatchObject({ outcome: 'lost', lost: { kind: 'timeout' } });
    expect(tests(run).map((t) => t.name)).not.toContain('TestNeverStarted');
  });

  test('reports dies of a Goexit: the subtest and its parent failed, TestMonthly never ran', () => {
    expect(pkg('reports').crash?.kind).toBe('panic');
    expect(tests(run).map((t) => t.name)).not.toContain('TestMonthly');
  });

  test('inventory fails with too many clients, orders with its nested transaction', () => {
    expect(pkg('inventory').counts.fail).toBeGreaterThan(1);
    expect(named(run, 'TestNestedTx').outcome).toBe('fail');
    expect(named(run, 'TestCheckout').outcome).toBe('pass');
  });
});

test.each(['context.jsonl', 'database_sql.jsonl.gz', 'io.jsonl', 'net_http.jsonl.gz', 'sync.jsonl'])(
  'std/%s: healthy code needs no repair',
  (name) => {
    const run = foldText(recordingText(`std/${name}`));
    expect(run.counts.running + run.counts.lost + run.counts.neverStarted).toBe(0);
    expect(tests(run).flatMap((t) => t.repaired)).toEqual([]);
    if (name.startsWith('net_http')) expect(tests(run)).toHaveLength(1611);
  },
);
