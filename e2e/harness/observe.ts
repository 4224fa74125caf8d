import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { recordingBytes } from '@observe/testkit';
import type { Page } from '@playwright/test';
import { bytesUntil } from './bytes-until.ts';
import type { ToldRun } from './collector.ts';
import { arrivalOf, killCollector, runsOf } from './collector.ts';
import type { Exit, Program } from './program.ts';
import { startProgram } from './program.ts';

const OBSERVE = fileURLToPath(new URL('../../apps/cli/bin/observe.js', import.meta.url));
const COLLECTOR = fileURLToPath(new URL('../../apps/collector/dist/main.js', import.meta.url));

/** One user of `observe`, with a home of their own: nothing of another test or of this machine is seen. */
export interface Observe {
  /** OBSERVE_HOME: a new folder. */
  readonly home: string;
  /** The environment of a user outside CI, with this home. */
  readonly env: NodeJS.ProcessEnv;
  /** Starts the CLI, without a terminal. `env` overrides; undefined takes a variable away. */
  start(args: readonly string[], options?: StartOptions): Program;
  /** Runs the CLI to its end, with this on its stdin. */
  run(args: readonly string[], input?: string | Uint8Array, options?: StartOptions): Promise<Ended>;
  /** `observe < recording` to its end. */
  pipe(recording: string, args?: readonly string[]): Promise<Ended>;
  /** A collector in the foreground, on a free port; resolves when it listens. */
  serve(args?: readonly string[]): Promise<Program>;
  /** The same with the collector's own switches (`--grace-ms=300`), which `serve` does not pass on. */
  collect(args: readonly string[]): Promise<Program>;
  /** Pipes a recording (`streams/panics.jsonl`) into `observe`, up to and with the line that `until` speaks of, and holds it there. */
  play(recording: string, options?: PlayOptions): Promise<Latch>;
  /** Opens the page on a run (the last one), logged in. */
  open(page: Page, run?: string): Promise<void>;
  /** Ends everything that was started and takes the home away. */
  dispose(): Promise<void>;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A program that has ended, and all that it printed. */
export type Ended = Exit & { readonly stdout: string; readonly stderr: string };

export interface PlayOptions {
  /** `package test action` or `package action` (see bytesUntil); absent: the whole recording, and stdin stays open. */
  readonly until?: string;
  /** Further arguments of the CLI. */
  readonly args?: readonly string[];
}

/** A stream that stands still. */
export interface Latch {
  readonly program: Program;
  /** Waits until the collector has all that was let through. */
  arrived(): Promise<ToldRun>;
  /** What was let through. */
  fed(): Uint8Array;
  /** Lets the stream go on up to another line. */
  to(until: string): Promise<void>;
  /** Lets it go on to its end, and waits for the end of the CLI. */
  open(): Promise<Exit>;
}

export function createObserve(): Observe {
  const home = mkdtempSync(join(tmpdir(), 'observe-e2e-'));
  const userEnv = { ...process.env, ...NOT_HERE, OBSERVE_HOME: home };
  const programs: Program[] = [];

  const start: Observe['start'] = (args, { env, cwd = home } = {}) => {
    const program = startProgram(process.execPath, [OBSERVE, ...args], { cwd, env: { ...userEnv, ...env } });
    programs.push(program);
    return program;
  };

  const run: Observe['run'] = async (args, input = '', options = {}) => {
    const program = start(args, options);
    program.stdin.end(input);
    return { ...(await program.ended), stdout: program.stdout(), stderr: program.stderr() };
  };

  return {
    home,
    env: userEnv,
    start,
    run,
    pipe: (recording, args = []) => run(args, recordingBytes(recording)),
    serve: async (args = ['--port=0']) => {
      const collector = start(['serve', ...args]);
      await collector.printed(/http:\/\/\S+/);
      return collector;
    },
    collect: async (args) => {
      const collector = startProgram(process.execPath, [COLLECTOR, '--home', home, '--port=0', ...args]);
      programs.push(collector);
      await collector.printed(/http:\/\/\S+/);
      return collector;
    },
    play: async (recording, { until, args = [] } = {}) => {
      const stream = recordingBytes(recording);
      const before = await runsOf(home);
      const program = start(args);
      let fed = 0;
      const feed = async (end: number): Promise<void> => {
        await write(program.stdin, stream.subarray(fed, end));
        fed = end;
      };
      await feed(until === undefined ? stream.length : bytesUntil(stream, until));
      return {
        program,
        arrived: () => arrivalOf(home, before, stream.subarray(0, fed).filter((byte) => byte === 0x0a).length),
        fed: () => stream.subarray(0, fed),
        to: (next) => feed(bytesUntil(stream, next, fed)),
        open: async () => {
          await feed(stream.length);
          program.stdin.end();
          return program.ended;
        },
      };
    },
    open: async (page, target = 'last') => {
      const { code, stdout, stderr } = await run(['open', target, '--print']);
      if (code !== 0) throw new Error(`observe open ${target}: exit code ${code}\n${stderr}`);
      await page.goto(stdout.trim());
    },
    dispose: async () => {
      await Promise.all(programs.map((program) => program.kill('SIGKILL')));
      await killCollector(home);
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What the machine that runs the tests may have set, and a user has not. */
const NOT_HERE = { CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined, NODE_OPTIONS: undefined };

/** Resolves when the bytes are on their way, or the reader is gone. */
function write(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => stream.write(bytes, () => resolve()));
}
