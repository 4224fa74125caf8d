import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.ts';

export const OBSERVE = join(ROOT, 'apps/cli/bin/observe.js');

/** A home of its own with a collector that is running. */
export interface Home {
  readonly env: NodeJS.ProcessEnv;
  readonly collectorPid: number;
  close(): void;
}

export async function openHome(): Promise<Home> {
  const home = mkdtempSync(join(tmpdir(), 'observe-bench-'));
  const { CI: _ci, ...rest } = process.env;
  const env = { ...rest, OBSERVE_HOME: home };
  const collector = spawn(process.execPath, [OBSERVE, 'serve', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      try {
        readFileSync(join(home, 'collector.json'));
        resolve();
      } catch {
        // not yet
      }
    };
    collector.stdout.on('data', look);
    collector.stderr.on('data', look);
    collector.on('exit', (code) => reject(new Error(`observe serve ended with ${String(code)}`)));
  });
  return {
    env,
    collectorPid: collector.pid ?? -1,
    close() {
      collector.removeAllListeners('exit');
      collector.once('exit', () => rmSync(home, { recursive: true, force: true }));
      collector.kill();
    },
  };
}

/** The page of the newest run, once there is one. */
export async function pageOfLast(env: NodeJS.ProcessEnv): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const { status, stdout } = spawnSync(process.execPath, [OBSERVE, 'open', 'last', '--print'], {
      env,
      encoding: 'utf8',
    });
    if (status === 0) return stdout.trim();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the run did not reach the collector');
}
