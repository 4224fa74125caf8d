import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { openFileStore, readCollectorFile, type RawRecord } from '@observe/store';
import { build } from 'esbuild';

/** The CLI and the collector as a build leaves them, bundled from the sources as they are now. Returns the CLI's program. */
export async function buildPrograms(): Promise<{ readonly observe: string; remove(): void }> {
  const root = mkdtempSync(join(tmpdir(), 'observe-programs-'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  const bundle = (app: string, ...programs: string[]): Promise<unknown> =>
    build({
      entryPoints: programs.map((name) => fileURLToPath(new URL(`../../${app}/src/${name}`, import.meta.url))),
      outdir: join(root, 'apps', app, 'dist'),
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
      banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    });
  await Promise.all([bundle('cli', 'main.ts'), bundle('collector', 'main.ts', 'traces-worker.ts')]);
  return {
    observe: join(root, 'apps/cli/dist/main.js'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Buffer;
}

export interface Running {
  readonly pid: number;
  readonly stdin: Writable;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Ctrl-C, for it and its children: it was started with `isGroup`. */
  interrupt(): void;
  /** Resolves when it has printed this on either stream; rejects when it ends without. */
  printed(pattern: RegExp): Promise<void>;
  /** It is not listened to any more, as by `| head`. */
  closeStdout(): void;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A command that runs it. */
  readonly under?: readonly string[];
  /** Where it runs; its home by default. */
  readonly cwd?: string;
  /** It leads a process group, so that a Ctrl-C reaches its children as well: `interrupt`. */
  readonly isGroup?: true;
}

/** `sizes`: bytes of each artifact. */
export interface KeptRun {
  readonly id: string;
  readonly verdict: string | undefined;
  readonly records: readonly RawRecord[];
  readonly bytes: Buffer;
  readonly sizes: ReadonlyMap<string, number>;
}

/** Somebody with an OBSERVE_HOME of their own, outside of CI. */
export class User {
  readonly home = mkdtempSync(join(tmpdir(), 'observe-home-'));
  readonly #program: string;
  readonly #running = new Set<Running>();

  constructor(program: string) {
    this.#program = program;
  }

  start(args: readonly string[], { env, under = [], cwd = this.home, isGroup }: StartOptions = {}): Running {
    const [command = '', ...rest] = [...under, process.execPath, this.#program, ...args];
    const child = spawn(command, rest, {
      cwd,
      detached: isGroup === true,
      env: {
        ...process.env,
        CI: undefined,
        NO_COLOR: undefined,
        FORCE_COLOR: undefined,
        OBSERVE_HOME: this.home,
        ...env,
      },
      stdio: 'pipe',
    });
    const stdout: Buffer[] = [];
    let printed = '';
    const waiting = new Set<() => void>();
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        printed += bytes.toString();
        waiting.forEach((look) => look());
      });
    }
    let stderr = '';
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    let hasEnded = false;
    const running: Running = {
      pid: child.pid ?? -1,
      stdin: child.stdin,
      ended: new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, signal) => {
          hasEnded = true;
          this.#running.delete(running);
          waiting.forEach((look) => look());
          const stdoutBytes = Buffer.concat(stdout);
          resolve({ code, signal, stdout: stdoutBytes.toString(), stderr, stdoutBytes });
        });
      }),
      kill: (signal) => void child.kill(signal),
      interrupt: () => void process.kill(-(child.pid ?? 0), 'SIGINT'),
      printed: (pattern) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            if (pattern.test(printed)) resolve();
            else if (hasEnded) reject(new Error(`ended without ${String(pattern)}: ${printed}`));
            else return;
            waiting.delete(look);
          };
          waiting.add(look);
          look();
        }),
      closeStdout: () => child.stdout.destroy(),
    };
    this.#running.add(running);
    return running;
  }

  /** Runs it to its end with this on its stdin. */
  run(args: readonly string[], input: string | Uint8Array = '', options?: StartOptions): Promise<Ended> {
    const running = this.start(args, options);
    running.stdin.end(input);
    return running.ended;
  }

  async collectorPid(): Promise<number | undefined> {
    return (await readCollectorFile(this.home))?.pid;
  }

  /** Every run of the home: all records, and the bytes of its lines. */
  async kept(): Promise<readonly KeptRun[]> {
    const store = openFileStore(this.home);
    const runs = await store.list();
    return Promise.all(
      runs.map(async ({ id, summary }) => {
        const records: RawRecord[] = [];
        for await (const record of store.read(id, 1, Infinity)) records.push(record);
        const sizes = await store.artifactSizes(id);
        return { id, verdict: summary?.verdict, records, bytes: Buffer.concat(records.map((r) => r.payload)), sizes };
      }),
    );
  }

  /** The line that its one run has begun to read, as it is kept for the case of a crash; undefined when there is none. */
  unfinished(where: 'runs' | 'spool'): Buffer | undefined {
    const root = join(this.home, where);
    const names = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
    const file = names.find((name) => name.endsWith('.unfinished'));
    return file === undefined ? undefined : readFileSync(join(root, file)).subarray(512);
  }

  /** Ends what is left of what was started, its collector too, and takes the home away. */
  async leave(): Promise<void> {
    for (const running of this.#running) {
      running.kill('SIGKILL');
      await running.ended;
    }
    const pid = await this.collectorPid();
    if (pid !== undefined) kill(pid);
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** SIGKILL, should it still be there. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has left by itself
  }
}

/** Asks again until the answer is there: for what another process does in its own time. */
export async function until<T>(ask: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
