import { readdir, readFile, readlink } from 'node:fs/promises';
import { isGoTest } from './go-test-flags.ts';

/** Who writes our stdin: `pipe` what /proc says of them, `unknown` somebody whom it does not show, `file` nobody does. */
export type StdinWriters =
  | {
      readonly kind: 'pipe';
      readonly pipe: string;
      readonly pids: ReadonlySet<number>;
      readonly goTest: readonly string[] | undefined;
    }
  | { readonly kind: 'unknown' | 'file' };

/** Programs between `go test` and us, such as tee. */
const MAX_HOPS = 4;

/**
 * The processes whose stdout is the other end of our stdin, also through programs between (`| tee run.jsonl |`), and the command line
 * of the `go test` among them; undefined when that is another user's, or has ended. Linux only (/proc).
 */
export async function findStdinWriters(): Promise<StdinWriters> {
  const stdin = await linkOf('self', 0);
  if (stdin === undefined || stdin.startsWith('socket:')) return { kind: 'unknown' };
  if (!stdin.startsWith('pipe:')) return { kind: 'file' };
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const ends = await Promise.all(
    names.map(async (pid) => ({ pid, in: await linkOf(pid, 0), out: await linkOf(pid, 1) })),
  );
  const pids = new Set<number>();
  let pipes = new Set([stdin]);
  for (let hop = 0; hop <= MAX_HOPS && pipes.size > 0; hop++) {
    const writers = ends.filter(({ pid, out }) => out !== undefined && pipes.has(out) && !pids.has(Number(pid)));
    for (const { pid } of writers) pids.add(Number(pid));
    pipes = new Set();
    for (const writer of writers) if (writer.in?.startsWith('pipe:') === true) pipes.add(writer.in);
  }
  let goTest: readonly string[] | undefined;
  // From the newest on: it was started with us. Others hold the pipe as well: the shell before it becomes `go`, a make around it.
  for (const pid of [...pids].sort((a, b) => b - a)) {
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').slice(0, -1);
    if (isGoTest(args)) goTest ??= args;
  }
  return { kind: 'pipe', pipe: stdin, pids, goTest };
}

/** What a file descriptor of a process is; undefined when that cannot be seen. */
const linkOf = (pid: string, fd: number): Promise<string | undefined> =>
  readlink(`/proc/${pid}/fd/${fd}`).catch(() => undefined);
