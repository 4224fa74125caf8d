import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findingsAnswer, shownRun, shownRuns } from '@observe/protocol';
import { recordingBytes } from '@observe/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildPrograms, kill, until, User } from '../test-kit.ts';

/** The real programs: the pipe, and the collector that it starts. */
let programs: Awaited<ReturnType<typeof buildPrograms>>;
let user: User;
beforeAll(async () => void (programs = await buildPrograms()), 60_000);
afterAll(() => programs.remove());
beforeEach(() => void (user = new User(programs.observe)));
afterEach(() => user.leave());

const SHOP = recordingBytes('shop/go1.27/run.jsonl');
const FAILING = recordingBytes('streams/parallel.jsonl');
/** After a failure that a plain progress tells. */
const HELD = FAILING.subarray(0, FAILING.indexOf('\n', FAILING.indexOf('"Action":"fail"')) + 1);
const REST = FAILING.subarray(HELD.length);

/** The run once nobody writes it any more. */
const finished = (id?: string): Promise<Awaited<ReturnType<User['kept']>>[number]> =>
  until(async () =>
    (await user.kept()).find(
      (run) => run.verdict !== 'running' && run.verdict !== undefined && (id ?? run.id) === run.id,
    ),
  );

test('starts a collector, which has the whole run; the page is told, and nothing stays in the spool', async () => {
  const { code, stdout } = await user.run([], SHOP);
  expect(code).toBe(1);
  expect(stdout).toMatch(/Page {2}http:\/\/127\.0\.0\.1:\d+\/runs\/\S+\n$/);
  const run = await finished();
  expect(run.bytes.equals(SHOP)).toBe(true);
  expect(run.records.map(({ header }) => header.kind)).toEqual(expect.arrayContaining(['host', 'lines', 'end']));
  expect(readdirSync(join(user.home, 'spool'))).toEqual([]);
  expect(await user.collectorPid()).toBeDefined();
});

test('two at once share one collector and make two runs', async () => {
  const ends = await Promise.all([user.run([], SHOP), user.run([], FAILING)]);
  expect(ends.map(({ code }) => code)).toEqual([1, 1]);
  const urls = ends.map(({ stdout }) => /http:\/\/[^/]+/.exec(stdout)?.[0]);
  expect(urls[0]).toBeDefined();
  expect(urls[1]).toBe(urls[0]);
  const runs = await until(async () => {
    const kept = await user.kept();
    return kept.every(({ verdict }) => verdict === 'failed') && kept;
  });
  expect(runs.map(({ bytes }) => bytes.length).sort()).toEqual([SHOP.length, FAILING.length].sort());
});

test('kill -9 of the collector in the middle: another takes over, the run is whole, and nothing is there twice', async () => {
  const running = user.start([]);
  running.stdin.write(HELD);
  await running.printed(/✗ .*TestFailSub/);
  const pid = await until(async () => (await user.kept()).some(({ bytes }) => bytes.length > 0) && user.collectorPid());
  kill(pid);
  running.stdin.end(REST);
  const { code, stdout } = await running.ended;
  expect([code, /Page {2}http/.test(stdout)]).toEqual([1, true]);
  const run = await finished();
  expect(run.bytes.equals(FAILING)).toBe(true);
  expect(await user.collectorPid()).not.toBe(pid);
});

test('kill -9 of the pipe in the middle of a line: what it had read is in the run, to the last byte', async () => {
  const running = user.start([]);
  running.stdin.write(HELD);
  await running.printed(/✗ .*TestFailSub/);
  const part = REST.subarray(0, 50);
  running.stdin.write(part);
  await until(() => user.unfinished('spool')?.equals(part));
  running.kill('SIGKILL');
  await running.ended;
  const read = Buffer.concat([HELD, part]);
  await until(async () => (await user.kept()).some(({ bytes }) => bytes.equals(read)));
});

test('a collector that cannot start: the run goes into the store, and why is told', async () => {
  mkdirSync(user.home, { recursive: true });
  writeFileSync(join(user.home, 'log'), ''); // where its log should be
  const { code, stdout, stderr } = await user.run([], FAILING);
  expect(code).toBe(1);
  expect(stderr).toMatch(/no collector took the run \(no collector can be started: .*it is kept here/);
  const [run] = await user.kept();
  expect([run?.verdict, run?.bytes.equals(FAILING)]).toEqual(['failed', true]);
  expect(stdout).toContain(`observe show ${run?.id}`);
});

test('a URL where nobody answers: the run is kept here', async () => {
  const { code, stderr } = await user.run(['--collector=http://127.0.0.1:1'], FAILING);
  expect(code).toBe(1);
  expect(stderr).toMatch(/no collector took the run \(http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/);
  expect((await user.kept())[0]?.bytes.equals(FAILING)).toBe(true);
}, 30_000);

test('a saved stream becomes a run, with a collector and without one, and both answer the same', async () => {
  writeFileSync(join(user.home, 'a.jsonl.gz'), gzipSync(SHOP));
  const alone = await user.run(['import', '--json', 'a.jsonl.gz']);
  const { run } = JSON.parse(alone.stdout) as { schema: number; run: { id: string } };
  const inStore = JSON.parse((await user.run(['show', run.id, '--json'])).stdout) as unknown;
  expect(await user.collectorPid()).toBeUndefined();

  const collector = user.start(['serve', '--port=0']);
  await collector.printed(/http:\/\//);
  expect(JSON.parse((await user.run(['show', run.id, '--json'])).stdout)).toEqual(inStore);
  const again = await user.run(['import', '--json', 'a.jsonl.gz']);
  const { run: second } = JSON.parse(again.stdout) as { run: { id: string } };
  const shown = shownRun.parse(JSON.parse((await user.run(['show', second.id, '--json'])).stdout));
  expect(shown.packages).toEqual(shownRun.parse(inStore).packages);
  expect(shown.run.importedFrom).toBe(join(user.home, 'a.jsonl.gz'));
  expect((await finished(second.id)).bytes.equals(SHOP)).toBe(true);
  const { runs } = shownRuns.parse(JSON.parse((await user.run(['runs', '--json'])).stdout));
  expect(runs.map(({ id }) => id)).toEqual([second.id, run.id].sort().reverse());
});

test('import says what it cannot read, and goes on with the next file', async () => {
  const files = {
    cover: 'mode: set\nx.go:1.1,2.2 1 1\n',
    zip: 'PK\x03\x04',
    heap: 'heap profile: 1: 2 [3: 4] @ heap/1048576\n1: 2 [3: 4] @ 0x1\n',
    text: 'hello\n',
    empty: '',
    good: FAILING,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(user.home, name), content);
  const { code, stdout, stderr } = await user.run(['import', ...Object.keys(files), 'nowhere']);
  expect(code).toBe(2);
  expect(stdout).toContain('good: 14 tests in 1 package, failed');
  expect(stdout).toContain('cover: coverage profile'); // not lost with the streams before the good one
  for (const words of [
    /zip: it is a zip archive/,
    /heap is a profile printed as text/,
    /text: no event/,
    /empty is empty/,
  ]) {
    expect(stderr).toMatch(words);
  }
  expect(stderr).toContain('there is no such file');
});

test('findings name what is wrong in the shop, with the tests and the user’s own line, in text and as JSON', async () => {
  const names = ['auth', 'inventory', 'orders', 'payments', 'reports'];
  writeFileSync(join(user.home, 'shop.jsonl'), recordingBytes('shop/go1.26/run.jsonl'));
  for (const name of names) {
    writeFileSync(join(user.home, `${name}.trace`), recordingBytes(`shop/go1.26/${name}.trace`));
  }
  await user.run(['import', 'shop.jsonl', ...names.map((name) => `${name}.trace`)]);
  const { run, outcomes } = findingsAnswer.parse(JSON.parse((await user.run(['findings', 'last', '--json'])).stdout));
  expect((await user.run(['runs'])).stdout).toContain(run);
  const found = outcomes.flatMap(({ detector, findings }) =>
    findings.map(({ severity, tests }) => `${detector} ${severity} ${tests.map(({ test }) => test).join(' ')}`),
  );
  expect(found.sort()).toMatchSnapshot();
  expect(outcomes.find(({ detector }) => detector === 'hang')).toMatchObject({ outcome: 'skipped' });
  const { stdout } = await user.run(['findings', 'last']);
  expect(stdout).toContain('TestNestedTx holds a database/sql connection and waits for another');
  expect(stdout).toContain('inventory.setupTest (inventory_test.go:14)');
});

test('what runs now is seen from a second terminal', async () => {
  expect((await user.run(['now'])).stderr).toContain('nothing runs right now');
  const running = user.start([]);
  const until_ = SHOP.indexOf('"Test":"TestSessionDeadlock"');
  running.stdin.write(SHOP.subarray(0, SHOP.indexOf('\n', until_ + 300) + 1));
  const { stdout } = await until(async () => {
    const answer = await user.run(['now']);
    return answer.stdout.includes('TestSessionDeadlock') && answer;
  });
  expect(stdout).toContain('example.com/shop/auth › TestSessionDeadlock');
  running.stdin.end();
  await running.ended;
});

test('open prints a link that lets one browser in', async () => {
  await user.run([], FAILING);
  const { code, stdout } = await user.run(['open', 'last', '--print']);
  expect(code).toBe(0);
  const answer = await fetch(stdout.trim(), { redirect: 'manual' });
  expect(answer.headers.get('location')).toMatch(/^\/runs\//);
  expect(answer.headers.get('set-cookie')).toContain('HttpOnly');
});

test('a wrong call says what is wrong, and exits 2', async () => {
  const calls = [['nosuch'], ['show'], ['show', 'x'], ['--collector=x'], ['runs', '--nosuch']];
  const ends = await Promise.all(calls.map((args) => user.run(args)));
  expect(ends.map(({ code }) => code)).toEqual(calls.map(() => 2));
  const said = ends.map(({ stderr }) => stderr.split('\n')[0]);
  expect(said).toEqual([
    'observe: there is no command "nosuch"; observe --help lists them',
    "error: missing required argument 'run'",
    'observe: no run "x"; `observe runs` lists them',
    expect.stringContaining('--collector=x: neither "auto" nor "none" nor a URL'),
    "error: unknown option '--nosuch'",
  ]);
});
