import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import { findCollector, type Collector } from './collector.ts';

/** From the start of the process to its answer; longer only on a machine that is busy beyond use. */
const START_TIMEOUT_MS = 20_000;
const POLL_MS = 30;
/** What the collector's program says when its home has one already. */
const HOME_IS_SERVED = 3;

/**
 * The collector of this home, started when none answers. Two that call at once start two, of which one leaves: both get the
 * other. Problem: none came up; says why as far as that is known.
 */
export async function ensureCollector(home: string, program: string): Promise<Collector> {
  const found = await findCollector(home);
  if (found !== undefined) return found;
  const deadline = Date.now() + START_TIMEOUT_MS;
  const errorPath = join(home, 'log', 'collector-start.log');
  let fault: string | undefined;
  try {
    mkdirSync(join(home, 'log'), { recursive: true, mode: 0o700 });
    start(home, program, errorPath, (why) => (fault = why));
  } catch (error) {
    throw new Problem(`no collector can be started: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const collector = await findCollector(home);
    if (collector !== undefined) return collector;
    if (fault !== undefined) throw new Problem(`the collector did not start (${fault}): ${tailOf(errorPath)}`);
    if (Date.now() > deadline) {
      throw new Problem(
        `no collector answered within ${START_TIMEOUT_MS / 1000} s; its log is in ${join(home, 'log')}`,
      );
    }
  }
}

/** Detached: it outlives us, and a Ctrl-C in our terminal does not reach it. */
function start(home: string, program: string, errorPath: string, onFault: (why: string) => void): void {
  const errors = openSync(errorPath, 'a', 0o600);
  const child = spawn(process.execPath, [program, '--home', home], {
    detached: true,
    stdio: ['ignore', 'ignore', errors],
    windowsHide: true,
    cwd: home,
  });
  closeSync(errors);
  child.on('error', (error) => onFault(error.message));
  child.on('exit', (code, signal) => {
    if (code !== HOME_IS_SERVED) onFault(signal ?? `exit code ${code}`);
  });
  child.unref();
}

function tailOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().split('\n').slice(-5).join('\n') || `see ${path}`;
  } catch {
    return 'it said nothing';
  }
}
