import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createAccess, type AccessOptions } from './access.ts';

const TOKEN = 'a-token-of-some-length';
const make = (more: Partial<AccessOptions> = {}): ReturnType<typeof createAccess> =>
  createAccess({ token: TOKEN, isLoopback: true, allowedHosts: [], nowMs: () => 0, ...more });

/** As much of a request as is looked at. */
const request = (headers: Record<string, string>): IncomingMessage =>
  ({ headers, socket: { localPort: 7117 } }) as unknown as IncomingMessage;

test('a code is good once, for ten minutes', () => {
  let nowMs = 0;
  const access = make({ nowMs: () => nowMs });
  const [used, old] = [access.newCode(), access.newCode()];
  const cookie = access.redeem(used, request({}))?.split(';')[0] ?? '';
  expect(access.isKnown(request({ cookie: `other=1; ${cookie}` }))).toBe(true);
  expect(access.redeem(used, request({}))).toBeUndefined();
  nowMs = 11 * 60_000;
  expect(access.redeem(old, request({}))).toBeUndefined();
  expect(access.redeem('', request({}))).toBeUndefined();
});

test('a cookie is that of one port and one token', () => {
  const access = make();
  const cookie = access.redeem(access.newCode(), request({}))?.split(';')[0] ?? '';
  expect(cookie).toMatch(/^observe-7117=/);
  expect(make({ token: 'another-token' }).isKnown(request({ cookie }))).toBe(false);
  expect(access.hasToken(request({ cookie }))).toBe(false);
  expect(access.isKnown(request({ cookie: cookie.replace('7117', '7118') }))).toBe(false);
});

test('codes do not pile up', () => {
  const access = make();
  const first = access.newCode();
  for (let i = 0; i < 2000; i++) access.newCode();
  expect(access.redeem(first, request({}))).toBeUndefined();
  expect(access.redeem(access.newCode(), request({}))).toBeDefined();
});

test('open to others, it also goes by its addresses and its name, but not by any name', () => {
  const open = make({ isLoopback: false, allowedHosts: ['Proxy.test'] });
  expect(open.isWelcome(request({ host: '192.168.1.5:7117' }))).toBe(true);
  expect(open.isWelcome(request({ host: 'proxy.test' }))).toBe(true);
  expect(open.isWelcome(request({ host: 'evil.test' }))).toBe(false);
  expect(make().isWelcome(request({ host: '192.168.1.5:7117' }))).toBe(false);
  expect(make().isWelcome(request({}))).toBe(false);
});
