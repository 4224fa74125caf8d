import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Input } from '../pipe/input.ts';
import type { GoTestProcess } from '../pipe/run-stream.ts';
import { EXIT } from '../problem.ts';

export interface GoTestOptions {
  /** After `go`. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Go before 1.24 says on stderr why a build failed: it becomes part of the stream. */
  readonly isStderrPart: boolean;
}

/** Starts `go test` in our process group: a Ctrl-C reaches both. Its stdout is `input`. */
export function startGoTest({ args, env, isStderrPart }: GoTestOptions): { input: Input; goTest: GoTestProcess } {
  const command = isStderrPart ? ['/bin/sh', '-c', 'exec go "$@" 2>&1', 'go', ...args] : ['go', ...args];
  const child = spawn(command[0] ?? '', command.slice(1), { env, stdio: ['inherit', 'pipe', 'pipe'] });
  const input = new Input(child.stdout);
  return {
    input,
    goTest: {
      exitCode: exitCodeOf(child),
      terminate: () => void child.kill('SIGTERM'),
      listen: (display) => void child.stderr.on('data', (bytes: Buffer) => display.pass(bytes)),
    },
  };
}

/** Runs `go` in our place, with nothing between it and the user. Resolves to its exit code. */
export function runGo(args: readonly string[]): Promise<number> {
  const ignore = (): void => undefined; // it gets the Ctrl-C as well
  process.on('SIGINT', ignore);
  return exitCodeOf(spawn('go', args, { stdio: 'inherit' })).finally(() => process.off('SIGINT', ignore));
}

/** As a shell says it: 128 and its number for a signal. */
function exitCodeOf(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve) => {
    child.on('error', () => resolve(EXIT.problem));
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
