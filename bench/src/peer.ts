import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './stream/cache.ts';

/** The peer's program: on the PATH, where `go install` puts it, or installed now into the bench's cache. Undefined: it cannot be had here. */
export function findGotestsum(): string | undefined {
  const gopath = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  const own = join(CACHE, 'bin');
  const places = [
    'gotestsum',
    ...(gopath.status === 0 ? [join(gopath.stdout.trim(), 'bin/gotestsum')] : []),
    join(own, 'gotestsum'),
  ];
  const found = places.find((place) => spawnSync(place, ['--version']).status === 0);
  if (found !== undefined || gopath.status !== 0) return found;
  console.error('installing gotestsum …');
  mkdirSync(own, { recursive: true });
  spawnSync('go', ['install', 'gotest.tools/gotestsum@latest'], {
    env: { ...process.env, GOBIN: own },
    stdio: 'inherit',
  });
  const installed = join(own, 'gotestsum');
  return existsSync(installed) ? installed : undefined;
}
