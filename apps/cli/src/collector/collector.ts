import { readCollectorFile } from '@observe/store';
import { PROTOCOL } from '@observe/protocol';
import { Problem } from '../problem.ts';
import type { World } from '../world.ts';

/** A collector that answers. */
export interface Collector {
  /** `http://127.0.0.1:7117`, without a slash at its end. */
  readonly url: string;
  /** Absent: it was given by URL without one. */
  readonly token: string | undefined;
}

/** A collector on this machine answers within milliseconds, unless the machine is very busy. */
const HEALTH_TIMEOUT_MS = 2000;

/** The collector of this home; undefined when none answers, or it speaks another protocol: then it is left alone. */
export async function findCollector(home: string): Promise<Collector | undefined> {
  const file = await readCollectorFile(home);
  if (file?.protocol !== PROTOCOL) return undefined;
  const host = file.host.includes(':') ? `[${file.host}]` : file.host;
  const collector = { url: `http://${host}:${file.port}`, token: file.token };
  const health = await healthOf(collector);
  return health?.pid === file.pid ? collector : undefined; // another program may have its old port
}

/** Problem when `--collector` names none that there could be. */
export async function checkCollector(where: string | undefined, world: Pick<World, 'home' | 'env'>): Promise<void> {
  if (where !== undefined && where !== 'auto' && where !== 'none') await collectorAt(where, world);
}

/** `--collector=URL`. The token: in the URL (`?token=`), else OBSERVE_TOKEN, else that of the home's own collector at this address. */
export async function collectorAt(url: string, { home, env }: Pick<World, 'home' | 'env'>): Promise<Collector> {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new Problem(`--collector=${url}: neither "auto" nor "none" nor a URL such as http://127.0.0.1:7117`);
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new Problem(`--collector=${url}: ${parsed.protocol} is not spoken; give an http:// or https:// URL`);
  }
  const given = parsed.searchParams.get('token') ?? env.OBSERVE_TOKEN;
  const file = given === null || given === undefined ? await readCollectorFile(home) : undefined;
  const isHomes =
    file !== undefined && parsed.port === String(file.port) && [file.host, 'localhost'].includes(parsed.hostname);
  const token = given ?? (isHomes ? file.token : undefined);
  return { url: parsed.origin + parsed.pathname.replace(/\/+$/, ''), token };
}

export const isLoopback = ({ url }: Collector): boolean => /^(localhost|127\.|\[::1\])/.test(new URL(url).hostname);

async function healthOf({ url }: Collector): Promise<{ pid?: unknown } | undefined> {
  try {
    const answer = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    return answer.ok ? ((await answer.json()) as { pid?: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
