import { spawn, type ChildProcess } from 'node:child_process';
import { peakBytesOf } from './peak-memory.ts';

/** One run of a command as a whole process. */
export interface Timed {
  readonly ms: number;
  readonly code: number | null;
  readonly stdout: string;
  /** Undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
}

/** `cat FILE | command`, through a pipe as a shell makes it (those of Node are sockets). */
export function fedByCat(
  file: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Timed> {
  // The command says on descriptor 3 which process it is, before it becomes itself.
  const script = 'file=$1; shift; cat "$file" 3>&- | sh -c \'echo $$ >&3; exec "$@" 3>&-\' sh "$@"';
  const startMs = performance.now();
  const shell = spawn('sh', ['-c', script, 'sh', file, ...command], {
    env,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  let pid = '';
  shell.stdio[3]?.on('data', (bytes: Buffer) => (pid += bytes.toString()));
  return watch(shell, startMs, () => Number(pid.trim() || -1));
}

/** Runs a command that brings its own input. */
export function timed(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Timed> {
  const [program = '', ...args] = command;
  const startMs = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  return watch(child, startMs, () => child.pid ?? -1);
}

async function watch(child: ChildProcess, startMs: number, pid: () => number): Promise<Timed> {
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < 1_000_000) stdout += text;
  });
  let peakBytes: number | undefined;
  const looking = setInterval(() => (peakBytes = peakBytesOf(pid()) ?? peakBytes), 20);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(looking);
  return { ms: performance.now() - startMs, code, stdout, peakBytes };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
}

/** The value below which `share` of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** Runs each in turn, `rounds` times, after one round that does not count: A B C A B C … */
export async function interleaved<T>(rounds: number, runs: readonly (() => Promise<T>)[]): Promise<T[][]> {
  const results: T[][] = runs.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, run] of runs.entries()) {
      const result = await run();
      if (round > 0) results[i]?.push(result);
    }
  }
  return results;
}
