import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';
import { CACHE } from './stream/cache.ts';

/** Megabytes of the generated trace. */
const GENERATED_MB = 220;

export interface TraceFiles {
  /** Reads a trace with Go's own reader. */
  readonly peer: string;
  /** Of the tests of net/http. */
  readonly netHttp: string;
  /** Those tests, built; there if the trace was recorded here. */
  readonly netHttpTests: string;
  /** Of a program that does nothing but what is traced: some hundred megabytes. */
  readonly generated: string;
}

/** The peer, built, and the traces, recorded by the Go that is here. Undefined: there is none, or it is too old. */
export function traceFiles(): TraceFiles | undefined {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  mkdirSync(join(CACHE, 'bin'), { recursive: true });
  const peer = join(CACHE, 'bin/trace-peer');
  if (!go(['build', '-C', join(ROOT, 'bench/go'), '-o', peer, '.'])) return undefined;
  const netHttpTests = join(CACHE, 'bin/net_http.test');
  const netHttp = made('net_http.trace', (path) =>
    go(['test', '-short', '-trace', path, '-o', netHttpTests, 'net/http']),
  );
  const generated = made(`generated-${GENERATED_MB}.trace`, (path) =>
    run(peer, ['generate', path, String(GENERATED_MB)]),
  );
  return netHttp === undefined || generated === undefined ? undefined : { peer, netHttp, netHttpTests, generated };
}

/** A file of the cache; made when it is not there. */
function made(name: string, make: (path: string) => boolean): string | undefined {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  console.error(`recording ${name} …`);
  if (!make(`${path}.part`) || !existsSync(`${path}.part`)) return undefined;
  renameSync(`${path}.part`, path);
  return path;
}

const go = (args: readonly string[]): boolean => run('go', args);
const run = (program: string, args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
