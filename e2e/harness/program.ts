import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** How a program ended: `code` is null when `signal` ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A real process, from its start to its end. */
export interface Program {
  readonly pid: number;
  readonly stdin: Writable;
  /** All it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Settles once it has ended and everything that it printed is here. */
  readonly ended: Promise<Exit>;
  /** Waits until stdout or stderr, as a whole, matches. Fails, with what it did print, when the program ends without it. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends the signal (SIGTERM) and waits for the end; ending twice is fine. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
}

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Starts a program; it is the caller's to end. */
export function startProgram(command: string, args: readonly string[], options: ProgramOptions = {}): Program {
  const child = spawn(command, args, { ...options, stdio: 'pipe' });
  const printed = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((look) => look());
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      wake();
    });
  }
  // A program may end before it has read all we give it: that is its right, and the test's to judge.
  child.stdin.on('error', () => undefined);
  let exit: Exit | undefined;
  const ended = new Promise<Exit>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
      wake();
    });
  });
  const told = (): string => `${command} ${args.join(' ')}\nstdout:\n${printed.stdout}\nstderr:\n${printed.stderr}`;
  return {
    pid: child.pid ?? -1,
    stdin: child.stdin,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(printed.stdout) ?? pattern.exec(printed.stderr);
          if (match === null && exit === undefined) return;
          waiting.delete(look);
          if (match === null) reject(new Error(`ended without printing ${String(pattern)}: ${told()}`));
          else resolve(match);
        };
        waiting.add(look);
        look();
      }),
    kill: (signal = 'SIGTERM') => {
      if (exit === undefined) child.kill(signal);
      return ended;
    },
  };
}
