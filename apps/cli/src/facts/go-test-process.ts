import { readdir, readFile, readlink } from 'node:fs/promises';
import { isGoTest } from './go-test-flags.ts';

/**
 * Command line of the `go test` that writes our stdin: the process whose stdout is the other end of our pipe. Linux only
 * (/proc); undefined when stdin is no pipe, or no such process can be seen (another user's, or it has ended).
 */
export async function findGoTest(): Promise<readonly string[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const pipe = await readlink('/proc/self/fd/0').catch(() => '');
  if (!pipe.startsWith('pipe:')) return undefined;
  // From the newest on: it was started with us.
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a));
  for (const pid of pids) {
    if ((await readlink(`/proc/${pid}/fd/1`).catch(() => '')) !== pipe) continue;
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').slice(0, -1);
    // Others hold the pipe as well: the shell before it becomes `go`, a make around it.
    if (isGoTest(args)) return args;
  }
  return undefined;
}
