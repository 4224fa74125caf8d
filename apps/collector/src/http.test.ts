import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiError, outputAnswer, PROTOCOL, shownRun, shownRuns } from '@observe/protocol';
import { encodeRecord, lastLineOf, openFileStore } from '@observe/store';
import { WebSocket } from 'ws';
import { startCollector, type Collector } from './server.ts';
import { endFrame, framesOf, makeHome, optionsFor, recording, SILENT, TestProducer, whole } from './test-kit.ts';

const { home, remove } = await makeHome();
mkdirSync(join(home, 'web', 'assets'), { recursive: true });
writeFileSync(join(home, 'web', 'index.html'), '<!doctype html><title>observe</title>');
writeFileSync(join(home, 'web', 'assets', 'main-abc.js'), '1');
writeFileSync(join(home, 'web', 'icon.svg'), '<svg/>');
const collector: Collector = await startCollector(optionsFor(home, { allowedHosts: ['observe.test'] }), SILENT);
const bearer = { authorization: `Bearer ${collector.token}` };

beforeAll(async () => {
  for (const [id, name] of [
    ['20260101-000000-aaaa', 'shop/go1.27/run'],
    ['20260101-000000-bbbb', 'streams/hang-timeout'],
  ] as const) {
    const producer = new TestProducer(collector);
    await producer.hello(id, 'p');
    const frames = whole(framesOf(recording(name), 50));
    producer.sendAll(frames);
    await producer.acked(lastLineOf((frames.at(-1) ?? endFrame(1)).header));
    await producer.leave();
  }
});
afterAll(async () => {
  await collector.stop('test');
  await remove();
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** With any Host and Origin, which `fetch` would not send. */
function ask(
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(`${collector.url}${path}`, { method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
const get = async (path: string): Promise<unknown> => {
  const { status, text } = await ask(path, { headers: bearer });
  expect(status, text).toBe(200);
  return JSON.parse(text) as unknown;
};
const errorOf = ({ text }: Answer): string => apiError.parse(JSON.parse(text)).error.code;

test('health is told to everyone, and nothing else', async () => {
  const health = await ask('/api/health');
  expect(JSON.parse(health.text)).toEqual({
    schema: 1,
    status: 'ok',
    protocol: PROTOCOL,
    version: '0.1.0',
    pid: process.pid,
  });
  for (const path of ['/api/runs', '/api/runs/last', '/api/runs/last/log', '/api/nothing']) {
    const answer = await ask(path);
    expect([answer.status, errorOf(answer)], path).toEqual([401, 'no-token']);
  }
  for (const authorization of [
    'Bearer ',
    'Bearer wrong',
    `Basic ${collector.token}`,
    collector.token,
    `Bearer ${collector.token}x`,
  ]) {
    expect((await ask('/api/runs', { headers: { authorization } })).status).toBe(401);
  }
});

test('a page of elsewhere, or a name of elsewhere that points here, gets nothing', async () => {
  const port = collector.port;
  const refused = [
    { host: `evil.test:${port}` },
    { host: 'localhost.evil.test' },
    { host: '8.8.8.8' },
    { host: `user@127.0.0.1:${port}` },
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${port + 1}` },
    { origin: `http://127.0.0.1:${port}@evil.test` },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
  ];
  for (const headers of refused) {
    for (const path of ['/api/health', '/api/runs', '/', '/open?code=x']) {
      const answer = await ask(path, { headers: { ...bearer, ...headers } });
      expect([answer.status, errorOf(answer)], JSON.stringify(headers)).toEqual([403, 'foreign']);
    }
  }
  const welcome = [
    {},
    { host: `localhost:${port}` },
    { host: `[::1]:${port}` },
    { host: `OBSERVE.test:${port}`, origin: `https://observe.test:${port}` },
    { origin: `http://127.0.0.1:${port}` },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
  ];
  for (const headers of welcome) {
    expect((await ask('/api/runs', { headers: { ...bearer, ...headers } })).status, JSON.stringify(headers)).toBe(200);
  }
});

test('a socket needs the same', async () => {
  const status = (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${collector.url.replace('http', 'ws')}${path}`, { headers });
      socket.on('open', () => (socket.terminate(), resolve(101)));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
  const cookie = await login();
  expect(await status('/api/watch', bearer)).toBe(101);
  expect(await status('/api/watch', { cookie })).toBe(101);
  expect(await status('/api/watch', {})).toBe(401);
  expect(await status('/api/watch', { ...bearer, origin: 'https://evil.test' })).toBe(403);
  expect(await status('/api/watch', { cookie, host: 'evil.test' })).toBe(403);
  expect(await status('/api/produce', bearer)).toBe(101);
  expect(await status('/api/produce', { cookie })).toBe(401); // a browser may watch, not write
  expect(await status('/api/other', bearer)).toBe(404);
});

/** As `observe open` does; the cookie as a browser sends it back. */
async function login(): Promise<string> {
  const { code } = JSON.parse((await ask('/api/codes', { method: 'POST', headers: bearer })).text) as { code: string };
  const opened = await ask(`/open?code=${code}&to=/runs/last`);
  return String(opened.headers['set-cookie']).split(';')[0] ?? '';
}

test('a link logs a browser in once, and leads nowhere else', async () => {
  const { code } = JSON.parse((await ask('/api/codes', { method: 'POST', headers: bearer })).text) as { code: string };
  const opened = await ask(`/open?code=${code}&to=${encodeURIComponent('/runs/r-1?v=1&test=a/b')}`);
  expect([opened.status, opened.headers.location]).toEqual([303, '/runs/r-1?v=1&test=a/b']);
  expect(String(opened.headers['set-cookie'])).toMatch(
    /^observe-\d+=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const cookie = String(opened.headers['set-cookie']).split(';')[0] ?? '';
  expect((await ask('/api/runs', { headers: { cookie } })).status).toBe(200);
  expect((await ask('/api/codes', { method: 'POST', headers: { cookie } })).status).toBe(403);
  expect((await ask(`/open?code=${code}`)).status).toBe(403);
  for (const to of ['//evil.test', '/\\evil.test', 'https://evil.test', '/a\nb', 'javascript:1']) {
    const again = await ask(`/open?to=${encodeURIComponent(to)}`, { headers: { cookie } });
    expect([again.status, again.headers.location]).toEqual([303, '/']);
  }
});

test('runs are listed, named by id, beginning or last, and shown to programs', async () => {
  const list = shownRuns.parse(await get('/api/runs'));
  expect(list.runs.map((run) => [run.id, run.verdict])).toEqual([
    ['20260101-000000-bbbb', 'failed'],
    ['20260101-000000-aaaa', 'failed'],
  ]);
  expect(await get('/api/runs/last')).toMatchObject({
    schema: 1,
    run: { id: '20260101-000000-bbbb' },
    isLive: false,
    nowNs: null,
  });
  expect(await get('/api/runs/20260101-000000-a')).toMatchObject({ run: { id: '20260101-000000-aaaa' } });
  const shown = shownRun.parse(await get('/api/runs/last/tests'));
  expect(shown.packages[0]?.tests.find((t) => t.test === 'TestHangMutex')?.outcome).toBe('lost');
  expect(await get('/api/runs/last/now')).toMatchObject({ schema: 1, running: [] });
  for (const [path, status, code] of [
    ['2026', 409, 'ambiguous-run'],
    ['nope', 404, 'unknown-run'],
    ['..%2f..%2fetc', 404, 'unknown-run'],
    ['%00', 404, 'unknown-run'],
  ] as const) {
    const answer = await ask(`/api/runs/${path}`, { headers: bearer });
    expect([answer.status, errorOf(answer)], path).toEqual([status, code]);
  }
});

test('output is found by row and by name, a page at a time', async () => {
  const of = async (query: string): Promise<ReturnType<typeof outputAnswer.parse>> =>
    outputAnswer.parse(await get(`/api/runs/20260101-000000-aaaa/output?${query}`));
  const shown = shownRun.parse(await get('/api/runs/20260101-000000-aaaa/tests'));
  const pkg = shown.packages.find(({ tests }) => tests.some((t) => t.outcome === 'fail'));
  const test = pkg?.tests.find((t) => t.outcome === 'fail');
  const named = await of(new URLSearchParams({ package: pkg?.package ?? '', test: test?.test ?? '' }).toString());
  expect(named.total).toBeGreaterThan(1);
  const page = await of(
    new URLSearchParams({ package: pkg?.package ?? '', test: test?.test ?? '', from: '1', limit: '1' }).toString(),
  );
  expect(page.lines).toEqual(named.lines.slice(1, 2));
  const tail = await of(
    new URLSearchParams({ package: pkg?.package ?? '', test: test?.test ?? '', tail: 'true', limit: '1' }).toString(),
  );
  expect(tail.lines).toEqual(named.lines.slice(-1));
  expect(await of('kind=test&row=0')).toMatchObject({ from: 0 });
  for (const [query, status] of [
    ['', 400],
    ['kind=test&row=-1', 400],
    ['kind=test&row=0&limit=0', 400],
    ['kind=dance&row=0', 400],
    ['package=nope', 404],
    [`package=${pkg?.package ?? ''}&test=nope`, 404],
  ] as const) {
    const answer = await ask(`/api/runs/20260101-000000-aaaa/output?${query}`, { headers: bearer });
    expect([answer.status, apiError.safeParse(JSON.parse(answer.text)).success], query).toEqual([status, true]);
  }
});

test('reports of a package that died', async () => {
  const shown = shownRun.parse(await get('/api/runs/last/tests'));
  const name = shown.packages[0]?.package ?? '';
  expect(await get(`/api/runs/last/reports?package=${encodeURIComponent(name)}`)).toMatchObject({
    package: name,
    reports: [{ kind: 'panic', message: expect.stringContaining('test timed out') as string }],
  });
});

test('the log is handed out as it lies', async () => {
  const { text, headers } = await ask('/api/runs/20260101-000000-aaaa/log', { headers: bearer });
  const parts: Buffer[] = [];
  for await (const record of openFileStore(home).read('20260101-000000-aaaa', 1, Infinity))
    parts.push(encodeRecord(record));
  expect(text === Buffer.concat(parts).toString('utf8')).toBe(true);
  expect(headers['content-disposition']).toContain('20260101-000000-aaaa.events.jsonl');
});

test('a snapshot is the page with the log in it, the same bytes each time', async () => {
  const ask1 = await ask('/api/runs/20260101-000000-bbbb/snapshot', { headers: bearer });
  expect([ask1.status, errorOf(ask1)]).toEqual([503, 'not-built']);
  writeFileSync(join(home, 'web', 'snapshot.html'), '<!doctype html><body><!--observe-snapshot--></body>');
  const { status, headers, text } = await ask('/api/runs/last/snapshot', { headers: bearer });
  expect([status, headers['content-disposition']]).toEqual([
    200,
    'attachment; filename=observe-20260101-000000-bbbb.html',
  ]);
  const chunks = [...text.matchAll(/data-observe-chunk="\d+">([^<]*)</g)].map(([, base64]) =>
    Buffer.from(base64 ?? '', 'base64'),
  );
  const log = await ask('/api/runs/last/log', { headers: bearer });
  expect(Buffer.concat(chunks.map((chunk) => gunzipSync(chunk))).toString('utf8') === log.text).toBe(true);
  expect((await ask('/api/runs/last/snapshot', { headers: bearer })).text === text).toBe(true);
});

test('a run gets another name, which stays', async () => {
  const patch = (body: string): Promise<Answer> =>
    ask('/api/runs/20260101-000000-aaaa', {
      method: 'PATCH',
      headers: { ...bearer, 'content-type': 'application/json' },
      body,
    });
  expect((await patch('{"name":"  the shop "}')).text).toContain('"name":"the shop"');
  expect(await get('/api/runs/20260101-000000-aaaa')).toMatchObject({ run: { name: 'the shop', verdict: 'failed' } });
  for (const body of ['{"name":""}', '{"title":"x"}', '{', 'null', `{"name":"${'x'.repeat(20_000)}"}`]) {
    const answer = await patch(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(apiError.safeParse(JSON.parse(answer.text)).success).toBe(true);
  }
});

test('the page and its files, and nothing above them', async () => {
  for (const path of ['/', '/runs/20260101-000000-aaaa', '/runs/x?v=1']) {
    const { status, headers, text } = await ask(path);
    expect([status, text.includes('<title>observe')]).toEqual([200, true]);
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';.*frame-ancestors 'none'/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
  expect((await ask('/assets/main-abc.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await ask('/icon.svg')).headers['cache-control']).toBe('no-cache');
  for (const path of [
    '/assets/nope.js',
    '/token',
    '/../token',
    '/%2e%2e/token',
    '/..%2ftoken',
    '/assets/..%2f..%2ftoken',
    '/runs/a/b',
  ]) {
    const { status, text } = await ask(path);
    expect(status, path).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain(collector.token);
  }
});

test('output is never HTML', async () => {
  for (const path of [
    '/api/runs',
    '/api/runs/last/tests',
    '/api/runs/last/log',
    '/api/runs/nope',
    '/nope',
    '/open?code=x',
  ]) {
    const { headers } = await ask(path, path === '/open?code=x' ? {} : { headers: bearer });
    expect(headers['content-type'], path).toMatch(/^(application\/json|application\/octet-stream|text\/plain)/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});
