import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactFacts, ProcessFacts } from '@observe/protocol';
import { readSpool } from '@observe/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildPrograms, kill, until, User, type KeptRun } from '../test-kit.ts';
import { whyNoGo, writeTestModule } from './test-module.ts';

const why = whyNoGo();
/** The real program on a real Go. */
describe.skipIf(why !== undefined)(`observe test${why === undefined ? '' : ` (${why})`}`, { timeout: 120_000 }, () => {
  let programs: Awaited<ReturnType<typeof buildPrograms>>;
  let module: ReturnType<typeof writeTestModule>;
  let user: User;
  beforeAll(async () => {
    module = writeTestModule();
    programs = await buildPrograms();
  }, 60_000);
  afterAll(() => {
    module.remove();
    programs.remove();
  });
  beforeEach(() => void (user = new User(programs.observe)));
  afterEach(() => user.leave());

  /** Without a collector. */
  const inCi = (env: NodeJS.ProcessEnv = {}) => ({ cwd: module.dir, env: { CI: 'true', ...env } });
  const runOf = async (id?: string): Promise<KeptRun> => {
    const found = (await user.kept()).find((run) => id === undefined || run.id === id);
    if (found === undefined) throw new Error('no run is kept');
    return found;
  };
  /** A `go test` of the user's own in front of `observe`. */
  const pipe = (goTest: string) => ({
    ...inCi(),
    under: ['sh', '-c', `go test -json -exec "$("$@" exec-path)" ${goTest} | "$@"`, 'sh'],
  });
  const looseFiles = (): string[] => readdirSync(join(user.home, 'capture', 'loose'));

  test('what is written into a directory during the run is kept beside it, told by what it holds; what is older or foreign is not', async () => {
    const dir = join(user.home, 'given');
    mkdirSync(dir);
    writeFileSync(join(dir, 'old.out'), 'mode: set\n');
    utimesSync(join(dir, 'old.out'), 1, 1);
    const files = [`-coverprofile=${join(dir, 'cover.out')}`, `-cpuprofile=${join(dir, 'cpu.out')}`];
    const goTest = ['go', 'test', '-json', '-count=1', `-trace=${join(dir, 'busy.trace')}`, ...files, './busy'].join(
      ' ',
    );
    const under = ['sh', '-c', `{ ${goTest}; echo noise > ${join(dir, 'notes')}; } | "$@" --artifacts ${dir}`, 'sh'];
    const { code, stderr } = await user.run([], '', { ...inCi(), under });
    expect(code).toBe(0);
    expect(stderr).toMatch(/notes is not kept: .*nothing that observe reads/);
    const run = await runOf();
    const kept = artifactsOf(run).map(({ name, format, state, bytes, id }) => [
      name,
      format,
      state,
      bytes === run.sizes.get(id),
    ]);
    expect(kept.sort()).toEqual([
      ['busy.trace', 'trace', 'whole', true],
      ['cover.out', 'coverage', 'whole', true],
      ['cpu.out', 'pprof', 'whole', true],
    ]);
    expect(existsSync(join(dir, 'busy.trace'))).toBe(true);
  });

  test('each package leaves its trace, whole, and the run says whose it is; nothing else is left behind', async () => {
    const { code, stdout } = await user.run(['test', '-v', './args', './busy', '-args', 'own'], '', inCi());
    expect([code, stdout.includes('Verdict  PASSED')]).toEqual([0, true]);
    const run = await runOf();
    const processes = processesOf(run);
    expect(processes.map((it) => [it.package, it.hasEnded])).toEqual([
      ['example.com/caught/args', true],
      ['example.com/caught/busy', true],
    ]);
    expect(artifactsOf(run)).toEqual(
      processes.map(({ id, package: pkg }) => ({
        id: `trace-${id}`,
        name: `trace-${id}`,
        format: 'trace',
        process: id,
        package: pkg,
        state: 'whole',
        bytes: run.sizes.get(`trace-${id}`),
      })),
    );
    for (const { id } of processes) expect(headOf(user, run, `trace-${id}`)).toMatch(/^go 1\.\d\d trace/);
    expect(saidOf(run)).toMatchObject({ pid: processes[0]?.pid, observe: false, GODEBUG: '' });
    const args = saidOf(run).args;
    expect([args[0], args.at(-1)]).toEqual([expect.stringMatching(/^-test\.trace=/), 'own']);
    expect(args).toContain('-test.v=test2json');
    expect(readdirSync(join(user.home, 'capture')).sort()).toEqual(['exec', 'loose']);
    expect(run.records.at(-1)?.header).toMatchObject({ kind: 'end', reason: 'eof', exitCode: 0 });
  });

  test('the bytes reach the collector, and the spool goes', async () => {
    const { code } = await user.run(['test', '--profile=cpu,mem', './args'], '', { cwd: module.dir });
    expect(code).toBe(0);
    const run = await until(async () => (await user.kept()).find(({ verdict }) => verdict === 'passed'));
    expect(artifactsOf(run).map(({ format, label }) => label ?? format)).toEqual(['trace', 'cpu', 'mem']);
    for (const { id, bytes } of artifactsOf(run)) expect([id, run.sizes.get(id)]).toEqual([id, bytes]);
    expect(readdirSync(join(user.home, 'spool'))).toEqual([]);
  });

  test.each([
    ['panic', 1, /panic: on purpose/],
    ['exit', 1, /FAIL\\texample/],
    ['kill', 1, /signal: killed/],
    ['timeout', 1, /panic: test timed out/],
  ])('a process that ends by %s: the run is closed, with all that was on disk', async (ending, exitCode, said) => {
    const { code } = await user.run(['test', '--live-rate=20', '-timeout=1s', './ends'], '', inCi({ ENDING: ending }));
    const run = await runOf();
    expect([code, run.verdict]).toEqual([exitCode, 'failed']);
    expect(run.bytes.toString()).toMatch(said);
    const [trace] = artifactsOf(run);
    expect([trace?.state, trace?.bytes]).toEqual(['whole', run.sizes.get(trace?.id ?? '')]);
    expect(trace?.bytes).toBeGreaterThan(1000);
    expect(processesOf(run)[0]?.hasEnded).toBe(true);
  });

  test('Ctrl-C reaches the tests once: the run is interrupted, the exit code is that of go test', async () => {
    const running = user.start(['test', '--live-rate=20', './ends'], { ...inCi(), isGroup: true });
    await until(async () => (await user.kept())[0]?.bytes.includes('hanging'));
    running.interrupt();
    expect((await running.ended).code).toBe(1);
    const run = await runOf();
    expect(run.verdict).toBe('interrupted');
    expect(artifactsOf(run)[0]).toMatchObject({ state: 'whole', bytes: run.sizes.get(artifactsOf(run)[0]?.id ?? '') });
  });

  test('the collector is killed while traces arrive: the next one gets all of them', async () => {
    const running = user.start(['test', '--live-rate=20', './busy'], { cwd: module.dir });
    await until(async () => (await user.kept()).some(({ sizes }) => sizes.size > 0));
    kill((await user.collectorPid()) ?? 0);
    expect((await running.ended).code).toBe(0);
    const run = await until(async () => (await user.kept()).find(({ verdict }) => verdict === 'passed'));
    const [trace] = artifactsOf(run);
    expect(run.sizes.get(trace?.id ?? '')).toBe(trace?.bytes);
    expect(readdirSync(join(user.home, 'spool'))).toEqual([]);
    const path = join(user.home, 'runs', run.id, 'artifacts', trace?.id ?? '');
    expect((await user.run(['trace', '--json', '--totals', path])).stdout).toContain('"faults":[]');
  });

  test('observe is killed: the next collector takes in what it had, traces too', async () => {
    const running = user.start(['test', '--live-rate=20', './ends'], { cwd: module.dir });
    const id = await until(async () => (await user.kept()).find(({ sizes }) => sizes.size > 0)?.id);
    running.kill('SIGKILL');
    await running.ended;
    const run = await until(async () => ((await readSpool(user.home, id)) === undefined ? runOf(id) : undefined));
    const [artifact] = artifactsOf(run);
    expect(run.sizes.get(artifact?.id ?? '')).toBeGreaterThan(0);
    process.kill(processesOf(run)[0]?.pid ?? 0, 'SIGKILL'); // nobody else ends a test that hangs
  });

  test('two pipes at once: each run has its own process', async () => {
    const both = await Promise.all([
      user.run([], '', pipe('-run=TestArgs ./args')),
      user.run([], '', pipe('-run=TestArgs ./args | cat')),
    ]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const runs = await user.kept();
    expect(runs).toHaveLength(2);
    for (const run of runs) {
      expect(processesOf(run)).toMatchObject([{ pid: saidOf(run).pid, hasEnded: true }]);
      expect(processesOf(run)[0]?.isGuess).toBeUndefined();
      expect(artifactsOf(run)).toMatchObject([{ state: 'whole' }]);
    }
    expect(looseFiles()).toEqual([]);
  });

  test('a home with spaces and a quote in its name', async () => {
    const home = join(user.home, "it's a home");
    const { code } = await user.run(['test', './args'], '', inCi({ OBSERVE_HOME: home }));
    expect(code).toBe(0);
    const [run] = readdirSync(join(home, 'runs'));
    expect(readdirSync(join(home, 'runs', run ?? '', 'artifacts'))).toHaveLength(1);
  });

  test('an -exec of the user is run inside, and a -trace and profiles of the user are left where they are', async () => {
    const [log, trace, cpu] = ['exec.log', 'own.trace', 'own.cpu'].map((name) => join(user.home, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(join(user.home, 'my exec'), `#!/bin/sh\necho "$1" >"${log}"\nshift\nexec "$@"\n`, { mode: 0o700 });
    const exec = `'${join(user.home, 'my exec')}' "two words"`;
    const args = ['-exec', exec, `-cpuprofile=${cpu}`, '-outputdir', user.home, '-trace=own.trace', './args'];
    const { code } = await user.run(['test', ...args], '', inCi());
    expect([code, readFileSync(log, 'utf8')]).toEqual([0, 'two words\n']);
    const run = await runOf();
    expect(artifactsOf(run).map(({ bytes }) => bytes)).toEqual([statSync(trace).size, statSync(cpu).size]);
    expect(saidOf(run).args.filter((arg) => /trace|cpuprofile/.test(arg))).toHaveLength(2);
  });

  test.each([
    [['-bench=.', '-benchtime=1x', '-run=^$', './args'], 1],
    [['-race', '-count=2', '-run', 'TestOther', './args'], 1],
    [['-cover', '-timeout=1m', './args', './busy'], 2],
    [['-C', 'args'], 1],
    [['-json', '-timeout', '0', '--no-trace=./args', './args', './busy'], 1],
    [['-fuzz=FuzzArgs', '-fuzztime=10x', './args'], 0],
    [['--no-trace', './args'], 0],
  ])('go test %j runs as ever, with %i traces', async (args, traces) => {
    const { code, stdout, stderr } = await user.run(['test', ...args], '', inCi());
    expect([code, stdout, stderr]).toEqual([0, expect.stringContaining('PASSED'), expect.any(String)]);
    expect((await runOf()).sizes.size).toBe(traces);
  });

  test.each([
    [['--name=x', '-c', '-o', '/dev/null', './args'], 0, ''],
    [['-list=.', './args'], 0, 'TestArgs\nTestOther'],
  ])('go test %j runs nothing, and nothing is recorded', async (args, exitCode, said) => {
    const { code, stdout } = await user.run(['test', ...args], '', inCi());
    expect([code, stdout]).toEqual([exitCode, expect.stringContaining(said)]);
    expect(await user.kept()).toEqual([]);
  });

  test('a trace over the limit is cut, and the tests go on', async () => {
    const { code } = await user.run(['test', '--max-trace=64k', './busy'], '', inCi());
    expect(code).toBe(0);
    const run = await runOf();
    const [trace] = artifactsOf(run);
    expect(trace).toMatchObject({ state: 'cut', bytes: 65536, why: expect.stringContaining('--max-trace') as string });
    expect(run.sizes.get(trace?.id ?? '')).toBe(65536);
  });

  test('a package that traces itself fails, and it is told why and what to do', async () => {
    const { code, stderr } = await user.run(['test', './traces'], '', inCi());
    expect([code, stderr]).toEqual([1, expect.stringContaining('--no-trace=example.com/caught/traces')]);
    expect((await user.run(['test', '--no-trace=./traces', './traces'], '', inCi())).code).toBe(0);
  });

  test('where nothing can be captured, the tests run all the same', async () => {
    writeFileSync(join(user.home, 'file'), '');
    const below = { OBSERVE_HOME: join(user.home, 'file', 'below') };
    const { code, stderr } = await user.run(['test', './args'], '', inCi(below));
    expect([code, stderr]).toEqual([0, expect.stringContaining('the tests run without capture')]);
    const gone = await user.run([], '', { ...pipe('./args'), env: { CI: 'true', OBSERVE_CAPTURE_DIR: '/nowhere' } });
    expect([gone.code, (await runOf()).sizes.size]).toEqual([0, 0]);
  });

  test('an option that cannot be: exit code 2, and nothing runs or is left behind', async () => {
    for (const option of ['--no-trace=./nowhere', '--profile=heap', '--max-trace=big', '--collector=nowhere']) {
      const { code, stderr } = await user.run(['test', option, './args'], '', inCi());
      expect([code, stderr]).toEqual([2, expect.stringContaining(option)]);
    }
    expect(existsSync(join(user.home, 'runs'))).toBe(false);
    expect(readdirSync(join(user.home, 'capture')).sort()).toEqual(['exec', 'loose']);
  });

  test('no go: a clear word, and exit code 2', async () => {
    const { code, stderr } = await user.run(['test', './args'], '', inCi({ PATH: '/nowhere' }));
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no go on the PATH')]);
    expect(existsSync(join(user.home, 'runs'))).toBe(false);
  });
});

/** The last word on each. */
const processesOf = (run: KeptRun): readonly ProcessFacts[] =>
  lastWords(run.records.flatMap(({ header }) => (header.kind === 'process' ? [header.process] : []))).sort((a, b) =>
    (a.package ?? '') < (b.package ?? '') ? -1 : 1,
  );
const artifactsOf = (run: KeptRun): readonly ArtifactFacts[] =>
  lastWords(run.records.flatMap(({ header }) => (header.kind === 'artifact' ? [header.artifact] : []))).sort((a, b) =>
    (a.package ?? '') < (b.package ?? '') ? -1 : 1,
  );
const lastWords = <T extends { readonly id: string }>(said: readonly T[]): T[] => [
  ...new Map(said.map((it) => [it.id, it])).values(),
];

/** What TestArgs printed. */
function saidOf(run: KeptRun): { pid: number; args: readonly string[]; GODEBUG: string; observe: boolean } {
  const line = run.bytes
    .toString()
    .split('\n')
    .find((text) => text.includes('pid='));
  const { Output } = JSON.parse(line ?? '{}') as { Output: string };
  const [, pid, args, debug, observe] = /pid=(\d+) args=\[(.*)\] GODEBUG="(.*)" observe=(\w+)/.exec(Output) ?? [];
  const words = [...(args ?? '').matchAll(/"([^"]*)"/g)].map(([, word]) => word ?? '');
  return { pid: Number(pid), args: words, GODEBUG: debug ?? '', observe: observe === 'true' };
}

const headOf = ({ home }: User, { id }: KeptRun, artifact: string): string =>
  readFileSync(join(home, 'runs', id, 'artifacts', artifact))
    .subarray(0, 16)
    .toString('latin1');
