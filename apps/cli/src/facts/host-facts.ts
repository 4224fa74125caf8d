import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { HostFacts } from '@observe/protocol';
import { timeoutNsOf } from './go-test-flags.ts';
import { modulePathOf } from './go-package.ts';
import type { StdinWriters } from './go-test-process.ts';

/** A tool that takes longer is given up: the run is complete without it. */
const TOOL_TIMEOUT_MS = 5000;

/** What is known without asking anybody. */
export const quickFacts = (version: string, name: string | undefined): HostFacts => ({
  observeVersion: version,
  wall: new Date().toISOString(),
  hostname: hostname(),
  os: process.platform,
  arch: process.arch,
  cpus: availableParallelism(),
  directory: process.cwd(),
  ...(name === undefined ? {} : { name }),
});

export type LateFacts = Omit<HostFacts, 'observeVersion' | 'wall'>;

/** What other programs and files say: takes a moment, and any of it may be missing. Never rejects. */
export async function lateFacts(): Promise<LateFacts> {
  const found = await Promise.all([goVersion(), git(), goModule(process.cwd())]);
  return found.reduce((all, some) => ({ ...all, ...some }));
}

/** What the command line of the `go test` says. */
export function goTestFacts(args: readonly string[]): LateFacts {
  const timeoutNs = timeoutNsOf(args);
  return { args: [...args], ...(timeoutNs === undefined ? {} : { timeoutNs }) };
}

/** The command line of the `go test` that writes our stdin, as far as it can be seen. */
export const stdinFacts = (writers: StdinWriters): LateFacts =>
  writers.kind === 'pipe' && writers.goTest !== undefined ? goTestFacts(writers.goTest) : {};

async function goVersion(): Promise<LateFacts> {
  const version = (await outputOf('go', ['env', 'GOVERSION']))?.trim();
  return version === undefined || version === '' ? {} : { goVersion: version };
}

/** One call, without locks and without looking for new files: that could take seconds in a large tree. */
async function git(): Promise<LateFacts> {
  const text = await outputOf('git', [
    '--no-optional-locks',
    'status',
    '--porcelain=v2',
    '--branch',
    '--untracked-files=no',
  ]);
  return text === undefined ? {} : readGitStatus(text);
}

/** `git status --porcelain=v2 --branch`. A commit that is not there yet, or a detached head, are absent. */
export function readGitStatus(text: string): LateFacts {
  const revision = /^# branch\.oid ([0-9a-f]+)$/m.exec(text)?.[1];
  const branch = /^# branch\.head (.+)$/m.exec(text)?.[1];
  return {
    ...(revision === undefined ? {} : { gitRevision: revision }),
    ...(branch === undefined || branch === '(detached)' ? {} : { gitBranch: branch }),
    isGitDirty: /^[^#\n]/m.test(text),
  };
}

/** Module path of the go.mod in this directory or above. */
async function goModule(directory: string): Promise<LateFacts> {
  for (let dir = directory; ; dir = dirname(dir)) {
    const text = await readFile(join(dir, 'go.mod'), 'utf8').catch(() => undefined);
    if (text !== undefined) {
      const module = modulePathOf(text);
      return module === undefined ? {} : { module };
    }
    if (dir === dirname(dir)) return {};
  }
}

/** Undefined when the program is not there, fails, or takes too long. */
function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { timeout: TOOL_TIMEOUT_MS, windowsHide: true }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
    child.unref(); // a short run does not wait for it
  });
}
