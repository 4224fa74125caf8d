import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';

/** A run as the collector tells of it; the rest of its summary is the tests' to read. */
export interface ToldRun {
  readonly id: string;
  readonly seq: number;
  readonly verdict: string;
}

/** Asks the collector of this home, as a program would. Undefined when there is none, or it does not answer with JSON. */
export async function ask(home: string, path: string, method = 'GET'): Promise<unknown> {
  try {
    const { host, port, token } = collectorOf(home);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://${host}:${port}${path}`, { method, headers });
    return await answer.json();
  } catch {
    return undefined;
  }
}

/** What `observe open RUN --print` prints, without a process of its own. */
export async function pageAddress(home: string, id: string): Promise<string> {
  const { code } = (await ask(home, '/api/codes', 'POST')) as { code: string };
  const { host, port } = collectorOf(home);
  return `http://${host}:${port}/open?code=${encodeURIComponent(code)}&to=/runs/${id}`;
}

/** The runs that the collector knows; empty when there is none. */
export async function runsOf(home: string): Promise<readonly ToldRun[]> {
  const answer = (await ask(home, '/api/runs')) as { runs: ToldRun[] } | undefined;
  return answer?.runs ?? [];
}

/** Waits until the collector has a run that is not among `before`, with at least so many lines. */
export async function arrivalOf(home: string, before: readonly ToldRun[], lines: number): Promise<ToldRun> {
  let arrived: ToldRun | undefined;
  await expect
    .poll(
      async () => {
        arrived = (await runsOf(home)).find((run) => !before.some(({ id }) => id === run.id));
        return arrived?.seq ?? 0;
      },
      { intervals: [50], timeout: 20_000 },
    )
    .toBeGreaterThanOrEqual(lines);
  return arrived as ToldRun;
}

/**
 * Ends the collector that `observe` started by itself, and waits until it is gone: it is nobody's child here, its home says which
 * process it is.
 */
export async function killCollector(home: string): Promise<void> {
  const pid = pidOfCollector(home);
  if (pid === undefined || !signalled(pid, 'SIGKILL')) return;
  await expect.poll(() => signalled(pid, 0), { intervals: [10] }).toBe(false);
}

/** Whether there is such a process. */
function signalled(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // it has left
  }
}

/** The collector's process; undefined when the home has none. One that was killed is still named here. */
export function pidOfCollector(home: string): number | undefined {
  try {
    return collectorOf(home).pid;
  } catch {
    return undefined;
  }
}

function collectorOf(home: string): { host: string; port: number; token: string; pid: number } {
  return JSON.parse(readFileSync(join(home, 'collector.json'), 'utf8')) as ReturnType<typeof collectorOf>;
}
