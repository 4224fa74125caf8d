import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { parse, serialize } from 'cookie';

/** A link is opened soon after it was printed. */
const CODE_MS = 10 * 60_000;
const MAX_CODES = 1000;
const COOKIE_DAYS = 30;

export interface AccessOptions {
  readonly token: string;
  /** Listens on loopback only. */
  readonly isLoopback: boolean;
  readonly allowedHosts: readonly string[];
  readonly nowMs: () => number;
}

/** Who may ask. Two questions: does the request come from where it may (`isWelcome`), and does it know the secret (`isKnown`). */
export interface Access {
  /** Host and Origin are ours: no page of elsewhere, and no name of elsewhere that was made to point here (DNS rebinding). */
  isWelcome(request: IncomingMessage): boolean;
  /** Carries the token, or the cookie that a code was changed for. */
  isKnown(request: IncomingMessage): boolean;
  /** Carries the token itself. */
  hasToken(request: IncomingMessage): boolean;
  /** A code for one visit to `/open`. */
  newCode(): string;
  /** Takes the code; the cookie's Set-Cookie value, or undefined when the code is unknown, used or too old. */
  redeem(code: string, request: IncomingMessage): string | undefined;
}

export function createAccess({ token, isLoopback, allowedHosts, nowMs }: AccessOptions): Access {
  const names = new Set([
    'localhost',
    ...(isLoopback ? [] : [hostname().toLowerCase()]),
    ...allowedHosts.map((name) => name.toLowerCase()),
  ]);
  // Not the token: a browser's cookie opens the API, but makes no new links.
  const session = createHmac('sha256', token).update('observe: cookie').digest('base64url');
  const codes = new Map<string, number>();

  const isOurs = (host: string): boolean => {
    const name = nameOf(host);
    if (name === undefined) return false;
    if (names.has(name)) return true;
    // An address cannot be rebound: only names can be made to point elsewhere.
    return isIP(name) !== 0 && (!isLoopback || isLoopbackAddress(name));
  };

  const hasToken = ({ headers }: IncomingMessage): boolean =>
    headers.authorization?.startsWith('Bearer ') === true &&
    isEqual(headers.authorization.slice('Bearer '.length), token);

  return {
    isWelcome({ headers }) {
      const { host, origin } = headers;
      if (host === undefined || !isOurs(host)) return false;
      if (origin !== undefined && originHost(origin) !== host.toLowerCase()) return false;
      const site = headers['sec-fetch-site'];
      const isForeign = site === 'cross-site' || site === 'same-site'; // same-site: another port of this machine
      return !isForeign || headers['sec-fetch-mode'] === 'navigate';
    },

    isKnown(request) {
      if (request.headers.authorization !== undefined) return hasToken(request);
      const found = parse(request.headers.cookie ?? '')[cookieName(request)];
      return found !== undefined && isEqual(found, session);
    },

    hasToken,

    newCode() {
      for (const [code, madeMs] of codes) if (nowMs() - madeMs > CODE_MS || codes.size >= MAX_CODES) codes.delete(code);
      const code = randomBytes(16).toString('base64url');
      codes.set(code, nowMs());
      return code;
    },

    redeem(code, request) {
      const madeMs = codes.get(code);
      codes.delete(code);
      if (madeMs === undefined || nowMs() - madeMs > CODE_MS) return undefined;
      return serialize(cookieName(request), session, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        maxAge: COOKIE_DAYS * 86_400,
      });
    },
  };
}

export const isLoopbackAddress = (address: string): boolean =>
  address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));

/** Cookies know no ports: two collectors of this machine would overwrite each other's. */
const cookieName = (request: IncomingMessage): string => `observe-${request.socket.localPort ?? 0}`;

/** Compares by hash, so that neither the time nor the length tells anything. */
function isEqual(a: string, b: string): boolean {
  const key = randomBytes(32);
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The name in `name:port` or `[::1]:port`, in lower case. */
function nameOf(host: string): string | undefined {
  const found = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(host);
  return (found?.[1] ?? found?.[2])?.toLowerCase();
}

/** Host and port of an Origin; undefined for `null` and whatever else is not of http. */
function originHost(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
