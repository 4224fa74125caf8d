import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordingBytes } from '@observe/testkit';
import { killCollector, pidOfCollector, runsOf } from '../harness/collector.ts';
import type { Observe } from '../harness/observe.ts';
import { createObserve } from '../harness/observe.ts';
import { expect, test } from '../harness/test.ts';
import { RunPage } from '../pages/run-page.ts';

const SHOP = 'shop/go1.27/run.jsonl';
/** 1.7 MB: far more than pipes and sockets hold. */
const LARGE = 'std/net_http.jsonl.gz';

test('kill -9 of the collector again and again: observe starts another, the run is whole, and no event is there twice', async ({
  observe,
  page,
}) => {
  const latch = await observe.play(SHOP, { until: 'inventory TestStock/item4 run' });
  const pids = new Set<number>();
  for (const until of ['inventory TestStock fail', 'orders TestNestedTx run', 'payments TestLedger run']) {
    await latch.arrived();
    pids.add(pidOfCollector(observe.home) ?? -1);
    await killCollector(observe.home);
    await latch.to(until);
  }
  await latch.arrived();
  pids.add(pidOfCollector(observe.home) ?? -1);
  expect(pids.size).toBe(4);
  expect(await latch.open()).toEqual({ code: 1, signal: null });

  const [{ id } = { id: '' }, ...others] = await runsOf(observe.home);
  expect(others).toEqual([]);
  expect(linesOf(observe, id)).toEqual(recordingBytes(SHOP).toString());
  expect(await shown(observe, id)).toEqual(await shownWithoutCollector(recordingBytes(SHOP)));
  await observe.open(page, id);
  await expect(new RunPage(page).verdict).toHaveText('Failed');
});

for (const [what, signal] of [
  ['dead', 'SIGKILL'],
  ['stuck', 'SIGSTOP'],
] as const) {
  test(`while the collector is ${what}, go test is not held up: all it writes is read, and arrives later`, async ({
    observe,
  }) => {
    const first = await observe.serve();
    const [url = '', port = ''] = /http:\/\/[^/\s]*:(\d+)/.exec(first.stdout()) ?? [];
    const latch = await observe.play(LARGE, { until: 'net/http start', args: [`--collector=${url}`] });
    await latch.arrived();
    process.kill(first.pid, signal);
    // The latch: these writes come back only because somebody reads the other end.
    await latch.to('net/http fail');

    await first.kill('SIGKILL');
    await observe.serve([`--port=${port}`]);
    expect((await latch.open()).code).toBe(1);
    const [{ id } = { id: '' }] = await runsOf(observe.home);
    expect(linesOf(observe, id) === recordingBytes(LARGE).toString()).toBe(true);
    expect(await shown(observe, id)).toEqual(await shownWithoutCollector(recordingBytes(LARGE)));
  });
}

test('kill -9 of observe, and of the collector before it: what was read is in the run', async ({ observe }) => {
  const latch = await observe.play(SHOP, { until: 'inventory TestStock/item4 run' });
  await latch.arrived();
  // A collector that is stuck takes nothing more; what comes now is in the spool alone.
  process.kill(pidOfCollector(observe.home) ?? -1, 'SIGSTOP');
  await latch.to('inventory TestStock/item3 fail');
  await latch.program.printed(/TestStock\/item3/);
  await latch.program.kill('SIGKILL');
  await killCollector(observe.home);

  await observe.collect(['--grace-ms=100']);
  await expect.poll(async () => (await runsOf(observe.home))[0]?.verdict).toBe('lost');
  const { packages } = await shownWithoutCollector(latch.fed());
  expect((await shown(observe, 'last')).packages).toEqual(packages);
});

test('two at once start one collector between them, and make two runs', async ({ observe }) => {
  const plays = await Promise.all(
    ['first', 'second'].map((name) => observe.play('streams/parallel.jsonl', { args: [`--name=${name}`] })),
  );
  await expect.poll(async () => (await runsOf(observe.home)).map(({ seq }) => seq > 90)).toEqual([true, true]);
  const pid = pidOfCollector(observe.home);
  const ends = await Promise.all(plays.map((play) => play.open()));
  expect(ends.map(({ code }) => code)).toEqual([1, 1]);
  const origins = plays.map(({ program }) => /Page\s+(http:\/\/[^/]+)/.exec(program.stdout())?.[1]);
  expect(new Set(origins).size).toBe(1);
  expect(pidOfCollector(observe.home)).toBe(pid);
});

test('a collector of another home is left alone', async ({ observe }) => {
  const other = createObserve();
  try {
    await other.pipe('streams/fuzz-seed.jsonl');
    const pid = pidOfCollector(other.home);
    await observe.pipe('streams/parallel.jsonl');
    expect(pidOfCollector(observe.home)).not.toBe(pid);
    expect(pidOfCollector(other.home)).toBe(pid);
    expect((await runsOf(other.home)).map(({ verdict }) => verdict)).toEqual(['passed']);
    expect((await runsOf(observe.home)).map(({ verdict }) => verdict)).toEqual(['failed']);
  } finally {
    await other.dispose();
  }
});

test('a collector that speaks another protocol is left alone, and another is started beside it', async ({
  observe,
}) => {
  const asked: string[] = [];
  const server = createServer(({ method, url }, answer) => {
    asked.push(`${method} ${url}`);
    answer.end(JSON.stringify({ schema: 1, status: 'ok', protocol: 999, version: '9.0.0', pid: process.pid }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const file = { pid: process.pid, host: '127.0.0.1', port, protocol: 999, token: 'x'.repeat(43), version: '9.0.0' };
  writeFileSync(join(observe.home, 'collector.json'), JSON.stringify({ ...file, startedAt: new Date().toISOString() }));
  try {
    const { code, stdout } = await observe.pipe('streams/parallel.jsonl');
    expect(code).toBe(1);
    expect(stdout).toMatch(/Page\s+http:/);
    expect(stdout).not.toContain(`:${port}/`);
    expect(asked.filter((request) => request !== 'GET /api/health')).toEqual([]);
    expect((await runsOf(observe.home)).map(({ verdict }) => verdict)).toEqual(['failed']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

/** The lines of a run as its log has them: what lies between the headers (docs/formats.md). */
function linesOf(observe: Observe, id: string): string {
  const log = readFileSync(join(observe.home, 'runs', id, 'events.jsonl'), 'utf8');
  return log.replace(/^\{"seq":.*\n/gm, '');
}

interface Shown {
  readonly run: Readonly<Record<string, unknown>>;
  readonly packages: unknown;
}

/** `observe show --json`, without what differs from one recording of a stream to the next. */
async function shown(observe: Observe, id: string, env: NodeJS.ProcessEnv = {}): Promise<Shown> {
  const { stdout } = await observe.run(['show', id, '--json'], '', { env });
  const { run, packages } = JSON.parse(stdout) as Shown;
  const { verdict, counts, elapsedNs, startedAt } = run;
  return { run: { verdict, counts, elapsedNs, startedAt }, packages };
}

/** What a stream comes to where nothing can be lost on the way: in a home of its own, straight into a file. */
async function shownWithoutCollector(stream: Uint8Array): Promise<Shown> {
  const alone = createObserve();
  try {
    const env = { CI: 'true' };
    await alone.run([], stream, { env });
    return await shown(alone, 'last', env);
  } finally {
    await alone.dispose();
  }
}
