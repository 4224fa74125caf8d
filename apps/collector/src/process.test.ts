import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createSpool, lastLineOf, openFileStore, readCollectorFile, withSeq } from '@observe/store';
import {
  endFrame,
  framesOf,
  loggedBytes,
  makeHome,
  recording,
  TestProducer,
  TestViewer,
  whole,
  type Address,
} from './test-kit.ts';

/** The real program, bundled once for this file. */
const program = { dir: '' };
beforeAll(async () => {
  program.dir = await mkdtemp(join(tmpdir(), 'observe-collector-program-'));
  writeFileSync(join(program.dir, 'package.json'), '{"type":"module"}');
  await build({
    entryPoints: ['main.ts', 'traces-worker.ts'].map((name) => fileURLToPath(new URL(name, import.meta.url))),
    outdir: program.dir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  });
}, 60_000);
afterAll(() => rm(program.dir, { recursive: true, force: true }));

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Running extends Address {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

/** `under`: a command that runs it. */
function launch(
  args: readonly string[],
  under: readonly string[] = [],
): {
  child: ChildProcess;
  ended: Running['ended'];
  listening: Promise<{ url: string }>;
} {
  const [command = '', ...rest] = [...under, process.execPath, join(program.dir, 'main.js'), '--json', ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr: printed.stderr })),
  );
  const listening = new Promise<{ url: string }>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text;
      if (printed.stdout.endsWith('\n')) resolve(JSON.parse(printed.stdout) as { url: string });
    });
    void ended.then(({ stderr }) => reject(new Error(`ended before it listened: ${stderr}`)));
  });
  listening.catch(() => undefined); // some tests wait for the end
  cleanups.push(() => {
    child.kill('SIGKILL');
    return ended;
  });
  return { child, ended, listening };
}

async function start(home: string, args: readonly string[] = [], under: readonly string[] = []): Promise<Running> {
  const { child, ended, listening } = launch(['--home', home, '--port', '0', ...args], under);
  const { url } = await listening;
  const token = (await readCollectorFile(home))?.token ?? '';
  return { url, token, child, ended };
}

async function newHome(): Promise<string> {
  const { home, remove } = await makeHome();
  cleanups.push(remove);
  return home;
}

const SHOP = recording('shop/go1.27/run');

test('killed in the middle and started again, as often as may be, it has every line once', async () => {
  const home = await newHome();
  const frames = whole(framesOf(SHOP, 3));
  const lastLine = lastLineOf((frames.at(-1) ?? endFrame(1)).header);
  const killAfter = [1, 40, 41, 160, 200];
  let have = 0;
  for (const line of [...killAfter, lastLine]) {
    const collector = await start(home);
    const producer = new TestProducer(collector);
    const said = await producer.hello('r-1', 'p');
    expect(said).toBeGreaterThanOrEqual(have); // what was acknowledged is there
    // Some lines more than are waited for: those are on their way when it dies.
    producer.sendAll(
      frames.filter(({ header }) => header.line <= line + 30),
      said,
    );
    await producer.acked(line);
    collector.child.kill('SIGKILL');
    await collector.ended;
    await producer.closed();
    ({ have } = producer);
  }
  const { payload, kinds } = await loggedBytes(home, 'r-1');
  expect(payload.equals(SHOP)).toBe(true);
  expect(kinds).toEqual(['end eof']);

  const again = await start(home, ['--grace-ms=50']);
  const viewer = new TestViewer(again);
  await viewer.list();
  await viewer.until(() => (viewer.runs.get('r-1')?.verdict === 'failed' ? true : undefined));
  viewer.close();
});

test('a run that a killed collector left open is closed as lost when nobody comes back', async () => {
  const home = await newHome();
  const first = await start(home);
  const producer = new TestProducer(first);
  await producer.hello('r-1', 'p');
  producer.sendAll(framesOf(SHOP, 10).slice(0, 3));
  await producer.acked(30);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await start(home, ['--grace-ms=50']);
  const viewer = new TestViewer(second);
  await viewer.follow('r-1');
  await viewer.state('r-1', (s) => s.seq === 31 && s.end?.reason === 'lost');
  viewer.close();
});

test('a signal ends it gracefully: everything durable, nothing left behind', async () => {
  const home = await newHome();
  const collector = await start(home);
  const producer = new TestProducer(collector);
  await producer.hello('r-1', 'p');
  producer.sendAll(framesOf(SHOP, 10).slice(0, 3));
  await producer.acked(30);
  const viewer = new TestViewer(collector);
  await viewer.list();
  collector.child.kill('SIGTERM');
  await Promise.all([producer.closed(), viewer.closed()]);
  expect(await collector.ended).toEqual({ code: 0, stderr: '' });
  expect(existsSync(join(home, 'collector.json'))).toBe(false);
  expect(await openFileStore(home).summary('r-1')).toMatchObject({ verdict: 'running', seq: 30 });
  expect(await openFileStore(home).isHeld('r-1')).toBe(false);
});

test('a home has one collector; a second one says where the first is', async () => {
  const home = await newHome();
  const first = await start(home);
  const { ended } = launch(['--home', home, '--port', '0']);
  expect(await ended).toEqual({ code: 3, stderr: expect.stringContaining(first.url) as string });
  expect((await readCollectorFile(home))?.pid).toBe(first.child.pid);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await start(home); // the first one's claim died with it
  expect(second.token).toBe(first.token); // so that open pages find it
});

test('a taken port, an unwritable home, a wrong argument: it says so, and what to do', async () => {
  const home = await newHome();
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => {
      const address = taken.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  cleanups.push(() => new Promise((resolve) => taken.close(resolve)));
  writeFileSync(join(home, 'file'), '');
  for (const [args, message] of [
    [
      ['--home', home, '--port', String(port)],
      new RegExp(`port ${port}: another program has this port; give another one`),
    ],
    [['--home', join(home, 'file', 'below')], /cannot make .*file.below.*set OBSERVE_HOME/],
    [['--home', home, '--host', '203.0.113.1', '--port=0'], /cannot listen on 203\.0\.113\.1/],
    [['--port', '70000'], /--port 70000: not a whole number from 0 to 65535/],
    [['--dance'], /--dance/],
  ] as const) {
    expect(await launch(args).ended).toEqual({ code: 2, stderr: expect.stringMatching(message) as string });
  }
  expect(existsSync(join(home, 'collector.json'))).toBe(false);
});

test('it leaves when nobody uses it, and not before', async () => {
  const home = await newHome();
  const collector = await start(home, ['--idle-ms=200']);
  const viewer = new TestViewer(collector);
  await viewer.list();
  viewer.close();
  expect(await collector.ended).toEqual({ code: 0, stderr: '' });
  expect(readdirSync(home)).not.toContain('collector.json');
});

test('it leaves also when its thread has read a trace', async () => {
  const home = await newHome();
  const collector = await start(home, ['--idle-ms=300']);
  const producer = new TestProducer(collector);
  await producer.hello('r-1', 'p');
  const artifact = { id: 'trace-7', name: 'a', format: 'trace', state: 'growing' } as const;
  producer.send({ header: { kind: 'artifact', line: 1, monoNs: 1, artifact }, payload: new Uint8Array(0) });
  const trace = fileURLToPath(new URL('../../../e2e/recordings/shop/go1.26/orders.trace', import.meta.url));
  await producer.sendChunk('trace-7', 0, readFileSync(trace));
  const { url, token } = collector;
  const headers = { authorization: `Bearer ${token}` };
  const read = async (): Promise<unknown> => (await fetch(`${url}/api/runs/r-1/processes`, { headers })).json();
  await expect.poll(read).toMatchObject({ processes: [{ artifact: 'trace-7' }] });
  producer.send(endFrame(2));
  await producer.acked(2);
  await producer.leave();
  expect(await collector.ended).toEqual({ code: 0, stderr: '' });
});

test('what a killed CLI had spooled is taken in, once, by a collector that runs and by one that starts', async () => {
  const home = await newHome();
  /** A spool as a process leaves it that is killed before it could send. */
  const leave = async (runId: string, frames: ReturnType<typeof framesOf>): Promise<void> => {
    const spool = await createSpool(home, { runId, producer: 'p' });
    spool.log.appendSync(frames.map(({ header, payload }) => ({ header: withSeq(header, header.line, 'p'), payload })));
    await spool.log.close();
    const path = join(home, 'spool', runId, 'spool.json');
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), pid: 2 ** 30 }));
  };
  const frames = framesOf(SHOP, 10);
  await leave('r-1', whole(frames));
  const collector = await start(home, ['--grace-ms=50']);
  const viewer = new TestViewer(collector);
  await viewer.list();
  await viewer.until(() => (viewer.runs.get('r-1')?.verdict === 'failed' ? true : undefined));

  const producer = new TestProducer(collector);
  await producer.hello('r-2', 'p');
  producer.sendAll(frames.slice(0, 2));
  await producer.acked(20);
  await leave('r-2', frames.slice(0, 5));
  producer.socket.terminate();
  await viewer.until(() =>
    viewer.runs.get('r-2')?.verdict === 'lost' && viewer.runs.get('r-2')?.seq === 51 ? true : undefined,
  );
  viewer.close();
  collector.child.kill('SIGTERM');
  await collector.ended;
  expect(readdirSync(join(home, 'spool'))).toEqual([]);
  expect((await loggedBytes(home, 'r-1')).payload.equals(SHOP)).toBe(true);
  const two = Buffer.concat(frames.slice(0, 5).map(({ payload }) => payload));
  expect((await loggedBytes(home, 'r-2')).payload.equals(two)).toBe(true);
});

test.runIf(existsSync('/dev/full'))('a log that takes nothing is told to its producer; other runs go on', async () => {
  const home = await newHome();
  mkdirSync(join(home, 'runs', 'r-full'), { recursive: true });
  symlinkSync('/dev/full', join(home, 'runs', 'r-full', 'events.jsonl'));
  const collector = await start(home);
  const [full, good] = [new TestProducer(collector), new TestProducer(collector)];
  await good.hello('r-1', 'p');
  await full.hello('r-full', 'p');
  full.sendAll(framesOf(SHOP, 10));
  expect(await full.refused()).toMatchObject({ code: 'no-space', retry: true });
  good.sendAll(framesOf(SHOP, 10));
  await good.acked(100);
});

const canLimit = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;

test.runIf(canLimit)(
  'on a full disk nothing acknowledged is lost, and when there is room again the run becomes whole',
  async () => {
    const home = await newHome();
    // A limit on the size of files stands for the disk: a write takes a part, the next one nothing.
    const collector = await start(home, [], ['sh', '-c', 'trap \'\' XFSZ; ulimit -S -f 400; exec "$@"', 'sh']);
    const bytes = Buffer.concat(Array.from({ length: 12 }, () => SHOP)).subarray(0, 700_000);
    const frames = framesOf(bytes, 20);
    const first = new TestProducer(collector);
    await first.hello('r-1', 'p');
    first.sendAll(frames);
    expect(await first.refused()).toMatchObject({ code: 'no-space', retry: true });
    const { have } = first;
    expect(have).toBeGreaterThan(0);
    expect(spawnSync('prlimit', ['--pid', String(collector.child.pid), '--fsize=unlimited:']).status).toBe(0);
    const second = new TestProducer(collector);
    expect(await second.hello('r-1', 'p')).toBe(have);
    second.sendAll(frames, have);
    await second.acked(lastLineOf((frames.at(-1) ?? endFrame(1)).header));
    expect((await loggedBytes(home, 'r-1')).payload.equals(bytes)).toBe(true);
  },
);
