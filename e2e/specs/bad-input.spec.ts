// The pipe alone, without a collector, is tested beside its source (apps/cli). Here: with one, and what the page makes of it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { recordingBytes } from '@observe/testkit';
import { killCollector, runsOf } from '../harness/collector.ts';
import type { Observe } from '../harness/observe.ts';
import { expect, test } from '../harness/test.ts';
import { RunPage } from '../pages/run-page.ts';

const GOOD = recordingBytes('streams/parallel.jsonl');
const NOISE = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * i * 31 + 7) % 256));

test('what is no test run at all: a message and exit code 2; what came is kept, if anything came', async ({
  observe,
}) => {
  for (const [input, said] of [
    ['', 'nothing to read'],
    ['hello\nworld\n', 'none of it is an event of go test -json'],
    [NOISE, 'binary data'],
  ] as const) {
    const { code, stderr } = await observe.run([], input);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  }
  expect((await runsOf(observe.home)).length).toBe(2);
});

test('a text file that was piped in is shown as the text that it is', async ({ observe, page }) => {
  await observe.run([], 'hello\nworld\n');
  await observe.open(page);
  const run = new RunPage(page);
  await expect(page.getByText('No package in this run')).toBeVisible();
  await run.details.getByRole('tab', { name: /^Lines that were not JSON/ }).click();
  await expect(run.output.lines).toHaveText([/hello/, /world/]);
});

test('in the middle of a good stream: a 64 MB line, invalid UTF-8, noise and a torn end cost nothing but themselves', async ({
  observe,
  page,
}) => {
  const half = GOOD.indexOf('\n', GOOD.length / 2) + 1;
  const input = Buffer.concat([
    GOOD.subarray(0, half),
    Buffer.alloc(64 * 1024 * 1024, 'x'),
    Buffer.from([0x0a, 0xc3, 0x28, 0x0a]),
    NOISE,
    Buffer.from('\n'),
    GOOD.subarray(half),
    Buffer.from('{"Action":"ou'),
  ]);
  const { code, stdout } = await observe.run([], input);
  expect(code).toBe(1);
  expect(stdout).toContain('Tests  2 failed, 11 passed, 1 skipped of 14');
  await observe.open(page);
  const run = new RunPage(page);
  await expect(run.header).toContainText('14 tests in 1 package');
  await expect(run.details.getByRole('heading', { name: 'About the stream' })).toBeVisible();
  await expect(run.details).toContainText('a line that was too long, or cut');
  await run.row('bad').click();
  await expect(run.output.line('fatal msg')).toBeVisible();
});

test('a stream without Time and Package: its tests are shown, and what is missing is said', async ({
  observe,
  page,
}) => {
  const lines = [{ Action: 'run', Test: 'TestA' }, { Action: 'pass', Test: 'TestA', Elapsed: 1 }, { Action: 'pass' }];
  expect((await observe.run([], lines.map((line) => `${JSON.stringify(line)}\n`).join(''))).code).toBe(0);
  await observe.open(page);
  const run = new RunPage(page);
  expect(await run.names()).toEqual(['(no package)', 'TestA']);
  await expect(run.timeline.lanes).toContainText('No event of this stream has a Time');
  await expect(run.details).toContainText(/no event has a Time/i);
  await expect(run.details).toContainText(/no event has a Package/i);
});

test('a taken port: serve says so and what to do, and exits 2', async ({ observe }) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    const { code, stderr } = await observe.run(['serve', `--port=${port}`]);
    expect(code).toBe(2);
    expect(stderr).toContain(`port ${port}: another program has this port; give another one`);
  } finally {
    taken.close();
  }
});

test('an OBSERVE_HOME that cannot be: the verdict and the exit code are right, and what is not kept is told', async ({
  observe,
}) => {
  writeFileSync(join(observe.home, 'file'), '');
  const env = { OBSERVE_HOME: join(observe.home, 'file', 'below') };
  const { code, stdout, stderr } = await observe.run([], GOOD, { env });
  expect(code).toBe(1);
  expect(stdout).toContain('Tests  2 failed, 11 passed');
  expect(stderr).toMatch(/a file is where a directory should be[^]*set OBSERVE_HOME/);
  const open = await observe.run(['open', 'last', '--print'], '', { env });
  expect([open.code, open.stderr]).toEqual([2, expect.stringMatching(/a file is where a directory should be|ENOTDIR/)]);
});

test.describe('a full disk, a real one', () => {
  const input = Buffer.concat(Array.from({ length: 40 }, () => GOOD));
  const disk = ({ home }: Observe): string => join(home, 'disk');

  test.beforeEach(({ observe }) => test.skip(!mounted(disk(observe)), 'needs to mount a tmpfs'));
  test.afterEach(async ({ observe }) => {
    await killCollector(disk(observe));
    // Lazily: a program that was ended may still be on its way out.
    if (existsSync(disk(observe))) spawnSync('umount', ['--lazy', disk(observe)]);
  });

  test('the verdict and the exit code are right, what fits is kept, and the loss is told', async ({ observe }) => {
    const env = { OBSERVE_HOME: disk(observe), CI: 'true' };
    const { code, stdout, stderr } = await observe.run([], input, { env });
    expect(code).toBe(1);
    expect(stdout).toContain('Tests  80 failed, 440 passed, 40 skipped of 560');
    expect(stderr).toMatch(/no space left[^]*could not be kept/);
    const { stdout: shown } = await observe.run(['show', 'last', '--json'], '', { env });
    const { packages } = JSON.parse(shown) as { packages: { tests: unknown[] }[] };
    expect(packages[0]?.tests.length).toBeGreaterThan(14);
  });

  test('what was kept of a run waits for its collector until there is room again', async ({ observe }) => {
    const env = { OBSERVE_HOME: disk(observe) };
    const { code, stderr } = await observe.run([], input, { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/did not take the whole run[^]*it waits in [^]*could not be kept/);

    await killCollector(disk(observe));
    execFileSync('mount', ['-o', 'remount,size=8m', disk(observe)]);
    const collector = observe.start(['serve', '--port=0'], { env });
    await collector.printed(/http:/);
    await expect.poll(async () => (await runsOf(disk(observe)))[0]?.seq ?? 0).toBeGreaterThan(1000);
  });
});

/** Mounts a disk of 256 kB; false where that is not ours to do. */
function mounted(folder: string): boolean {
  if (process.platform !== 'linux') return false;
  mkdirSync(folder);
  const options = ['-t', 'tmpfs', '-o', 'size=256k,mode=700', 'observe-e2e', folder];
  return spawnSync('mount', options, { stdio: 'ignore' }).status === 0;
}
