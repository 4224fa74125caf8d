import { readFileSync } from 'node:fs';
import { errnoOf } from './errors.ts';

/**
 * Which process: pids are used again, so where the platform tells when it began (Linux: ticks since boot, /proc/<pid>/stat) that
 * belongs to its name.
 */
export interface ProcessId {
  readonly pid: number;
  readonly started?: string | undefined;
}

export const thisProcess = (): ProcessId => processOf(process.pid);
/** The process that has this pid now. */
export const processOf = (pid: number): ProcessId => ({ pid, started: startOf(pid) });

/** Whether it still runs. In doubt (another user's, no start known) yes. */
export function isAlive({ pid, started }: ProcessId): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return started === undefined || now === undefined || started === now;
}

function startOf(pid: number): string | undefined {
  try {
    // The name, in parentheses, may hold anything; `starttime` is the 20th field after it (proc(5), field 22).
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
