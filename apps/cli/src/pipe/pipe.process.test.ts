import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordingBytes } from '@observe/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildPrograms, until, User, type Running } from '../test-kit.ts';

/** The real program, without a collector: as in CI. */
let programs: Awaited<ReturnType<typeof buildPrograms>>;
let user: User;
beforeAll(async () => void (programs = await buildPrograms()), 60_000);
afterAll(() => programs.remove());
beforeEach(() => void (user = new User(programs.observe)));
afterEach(() => user.leave());

const CI = { env: { CI: 'true' } };
const FAILING = recordingBytes('streams/parallel.jsonl');
const PASSING = recordingBytes('streams/fuzz-seed.jsonl');

test('a run that fails: progress on stderr, summary on stdout, exit code 1, every byte kept, no collector', async () => {
  const { code, stdout, stderr } = await user.run([], FAILING, CI);
  expect(code).toBe(1);
  expect(stderr).toContain('✗ example.com/rec/parallel › TestFailSub/bad');
  expect(stdout).toContain('Tests  2 failed, 11 passed, 1 skipped of 14');
  expect(stdout + stderr).not.toContain('\x1b');
  const [run, ...others] = await user.kept();
  expect(others).toEqual([]);
  expect(run?.verdict).toBe('failed');
  expect(run?.bytes.equals(FAILING)).toBe(true);
  expect(stdout).toContain(`observe show ${run?.id}`);
  expect(await user.collectorPid()).toBeUndefined();
});

test('a run that passes exits 0', async () => {
  const { code, stdout } = await user.run(['--name', 'nightly'], PASSING, CI);
  expect([code, stdout.includes('PASSED')]).toEqual([0, true]);
  expect((await user.run(['runs'])).stdout).toContain('nightly');
});

test('a stream that stops before its tests do is lost: exit code 1', async () => {
  const half = FAILING.subarray(0, FAILING.length / 4);
  const { code, stdout } = await user.run([], half, CI);
  expect([code, /LOST/.test(stdout)]).toEqual([1, true]);
  expect((await user.kept())[0]?.bytes.equals(half)).toBe(true);
});

test('--tee passes stdin through byte for byte, whatever it is; the summary goes to stderr', async () => {
  const input = Buffer.concat([
    Buffer.from('go: downloading x\n'),
    FAILING,
    Buffer.from([0xff, 0xfe, 0x0a, 0x00, 0x41]),
  ]);
  const { code, stdoutBytes, stderr } = await user.run(['--tee'], input, CI);
  expect(code).toBe(1);
  expect(stdoutBytes.equals(input)).toBe(true);
  expect(stderr).toContain('Tests  2 failed');
});

test.each([
  ['an empty stdin', '', 'nothing to read'],
  ['a text file', 'hello\nworld\n', 'none of it is an event of go test -json'],
  ['go test without -json', 'ok  \texample.com/x\t0.1s\n', 'looks like go test without -json'],
  ['binary noise', Buffer.from([0, 1, 2, 0xff, 0x0a, 0xfe, 0x80]), 'binary data'],
])('%s: a clear message, and exit code 2', async (_, input, message) => {
  const { code, stderr } = await user.run([], input, CI);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  const kept = await user.kept();
  expect(Buffer.concat(kept.map(({ bytes }) => bytes)).equals(Buffer.from(input))).toBe(true);
});

test('a line of 64 MB, invalid UTF-8 and a torn last line are kept as they are, and the run is told', async () => {
  const long = Buffer.alloc(64 * 1024 * 1024, 'x');
  const input = Buffer.concat([
    PASSING,
    long,
    Buffer.from('\n'),
    Buffer.from([0xc3, 0x28, 0x0a]),
    Buffer.from('{"Action":"ou'),
  ]);
  const { code, stdout } = await user.run([], input, CI);
  expect([code, stdout.includes('a line that was too long, or cut')]).toEqual([0, true]);
  expect((await user.kept())[0]?.bytes.equals(input)).toBe(true);
}, 60_000);

test('a stream without Time and Package works, and says what it lacks', async () => {
  const lines = [{ Action: 'run', Test: 'TestA' }, { Action: 'pass', Test: 'TestA', Elapsed: 1 }, { Action: 'pass' }];
  const { code, stdout } = await user.run([], lines.map((line) => `${JSON.stringify(line)}\n`).join(''), CI);
  expect(code).toBe(0);
  expect(stdout).toMatch(/no event has a Time[^]*no event has a Package[^]*1 passed of 1/);
});

/** As far as the stream is held, a failure has been told: what was written is read. */
async function heldAfterFailure(options = CI): Promise<Running> {
  const running = user.start([], options);
  running.stdin.write(HELD);
  await running.printed(/✗ .*TestFailSub/);
  return running;
}
const HELD = FAILING.subarray(0, FAILING.indexOf('\n', FAILING.indexOf('"Action":"fail"')) + 1);
const REST = FAILING.subarray(HELD.length);

test('Ctrl-C: reads on to the end of the stream, closes the run as interrupted, exits 130', async () => {
  const running = await heldAfterFailure();
  running.kill('SIGINT');
  await running.printed(/interrupted; reading on/);
  running.stdin.end(REST);
  const { code, stdout } = await running.ended;
  expect([code, stdout.includes('INTERRUPTED')]).toEqual([130, true]);
  const [run] = await user.kept();
  expect([run?.verdict, run?.bytes.equals(FAILING)]).toEqual(['interrupted', true]);
});

test('a second Ctrl-C quits at once; what was read is kept', async () => {
  const running = await heldAfterFailure();
  running.kill('SIGINT');
  await running.printed(/interrupted; reading on/);
  running.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  const [run] = await user.kept();
  expect(run?.bytes.equals(HELD)).toBe(true);
  expect(run?.records.at(-1)?.header).toMatchObject({ kind: 'end', reason: 'interrupted' });
});

test('SIGTERM closes the run and exits 143', async () => {
  const running = await heldAfterFailure();
  running.kill('SIGTERM');
  expect((await running.ended).code).toBe(143);
  const [run] = await user.kept();
  expect([run?.verdict, run?.bytes.equals(HELD)]).toEqual(['interrupted', true]);
});

test('killed in the middle of a line: what it had read is kept, to the last byte', async () => {
  const running = await heldAfterFailure();
  for (const [from, to] of [
    [0, 40],
    [40, 70],
  ]) {
    running.stdin.write(REST.subarray(from, to));
    await until(() => user.unfinished('runs')?.equals(REST.subarray(0, to)));
  }
  running.kill('SIGKILL');
  await running.ended;
  expect((await user.kept())[0]?.bytes.toString()).toBe(Buffer.concat([HELD, REST.subarray(0, 70)]).toString());
});

test('whoever reads its output may leave: the run goes on, and the exit code is right', async () => {
  const running = await heldAfterFailure();
  running.closeStdout();
  running.stdin.end(REST);
  expect((await running.ended).code).toBe(1);
  expect((await user.kept())[0]?.bytes.equals(FAILING)).toBe(true);
});

test.runIf(process.platform === 'linux')(
  'a full disk: verdict and exit code are right, and what was lost is told',
  async () => {
    // A limit on the size of files stands for the disk; 512-byte blocks.
    const under = ['sh', '-c', 'trap \'\' XFSZ; ulimit -S -f 16; exec "$@"', 'sh'];
    const { code, stdout, stderr } = await user.run([], Buffer.concat([FAILING, FAILING]), { ...CI, under });
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL .*TestFailSub\/bad[^]*x_test.go:12: fatal msg/);
    expect(stderr).toMatch(/no space left[^]*line could not be kept|no space left[^]*lines could not be kept/);
  },
);

test('an OBSERVE_HOME that cannot be: the verdict is told, and that the run is not kept', async () => {
  writeFileSync(join(user.home, 'file'), '');
  const { code, stdout, stderr } = await user.run([], FAILING, {
    env: { CI: '1', OBSERVE_HOME: join(user.home, 'file/below') },
  });
  expect(code).toBe(1);
  expect(stdout).toContain('Tests  2 failed, 11 passed');
  expect(stderr).toMatch(/a file is where a directory should be[^]*set OBSERVE_HOME[^]*the run is not kept/);
});
