import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { errnoOf } from '@observe/store';
import { Problem } from '../problem.ts';

/** What `go env` says, as far as it decides how tests can be run. */
export interface GoEnv {
  /** Second number of the version: 26 for go1.26.8. Undefined when it cannot be read, as of a Go of tomorrow. */
  readonly minor: number | undefined;
  /** `linux/amd64`: what tests are built for, and what this is. */
  readonly target: string;
  readonly host: string;
  /** GOFLAGS, as it is set. */
  readonly flags: string;
}

const NAMES = ['GOVERSION', 'GOOS', 'GOARCH', 'GOHOSTOS', 'GOHOSTARCH', 'GOFLAGS'] as const;

/** Problem: there is no go. Undefined when it refuses: `go test` will then say why. `directory`: of `-C`. */
export async function readGoEnv(directory: string | undefined): Promise<GoEnv | undefined> {
  const text = await runGoTool(['env', ...(directory === undefined ? [] : ['-C', directory]), ...NAMES]);
  if (text === undefined) return undefined;
  const [version = '', os = '', arch = '', hostOs = '', hostArch = '', flags = ''] = text.split('\n');
  const minor = /\bgo1\.(\d+)/.exec(version)?.[1];
  return {
    minor: minor === undefined ? undefined : Number(minor),
    target: `${os}/${arch}`,
    host: `${hostOs}/${hostArch}`,
    flags,
  };
}

/** Directories of packages; undefined when Go refuses. `flags`: those that decide which packages there are. */
export async function listDirectories(
  patterns: readonly string[],
  flags: readonly string[],
): Promise<string[] | undefined> {
  const text = await runGoTool(['list', ...flags, '-e', '-f', '{{.Dir}}', ...patterns]);
  return text?.split('\n').filter((line) => line !== '');
}

/** The program that Go runs tests of another platform under, `go_js_wasm_exec`; undefined: none, or it is this platform. */
export async function crossRunner({ target, host }: GoEnv, path: string): Promise<string | undefined> {
  if (target === host) return undefined;
  const name = `go_${target.replace('/', '_')}_exec`;
  for (const dir of path.split(delimiter)) {
    if (
      await access(join(dir, name), constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return name;
  }
  return undefined;
}

function runGoTool(args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile('go', args, { maxBuffer: 64 * 1024 * 1024, windowsHide: true }, (error, stdout) => {
      if (error !== null && errnoOf(error) === 'ENOENT')
        reject(
          new Problem('there is no go on the PATH: install Go (https://go.dev/dl), or pipe a stream from where it is'),
        );
      else resolve(error === null ? stdout : undefined);
    });
  });
}
