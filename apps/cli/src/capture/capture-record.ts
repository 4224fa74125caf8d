import { isAbsolute, resolve } from 'node:path';
import { PROFILES, type Profile } from './wrapper.ts';

/** What the wrapper said of one test binary before it became it. */
export interface CaptureRecord {
  readonly pid: number;
  /** Of the `go test` that started it. */
  readonly parent: number;
  /** What that `go test` prints to, `pipe:[4711]`; undefined where nothing tells, or it need not be known. */
  readonly stdout: string | undefined;
  /** Where it runs: the package's directory. Absolute. */
  readonly directory: string;
  readonly binary: string;
  /** Absolute path of its trace; undefined when it is not traced. Ours, or the user's own. */
  readonly trace: string | undefined;
  /** Absolute paths of its profiles. */
  readonly profiles: ReadonlyMap<Profile, string>;
}

/** A record with longer paths than any system has is none. */
export const MAX_RECORD_BYTES = 64 * 1024;

const KEYS = ['pid', 'parent', 'stdout', 'directory', 'binary', 'outputdir', 'trace', ...PROFILES] as const;

/**
 * Undefined when the text is no whole record: its last lines are not written yet, or somebody else wrote it. One of a directory with a
 * line break in its name is none either.
 */
export function parseRecord(text: string): CaptureRecord | undefined {
  const lines = text.split('\n');
  if (lines.length !== KEYS.length + 3 || lines[0] !== 'observe capture 1' || lines.at(-2) !== 'end') return undefined;
  const values = KEYS.map((key, i) => {
    const line = lines[i + 1] ?? '';
    return line.startsWith(`${key}=`) ? line.slice(key.length + 1) : undefined;
  });
  const [pid, parent, stdout, directory, binary, outputdir, trace, ...profiles] = values;
  if (directory === undefined || binary === undefined || outputdir === undefined || trace === undefined)
    return undefined;
  if (!isPid(pid) || !isPid(parent) || !isAbsolute(directory)) return undefined;
  // As testing's toOutputDir; its working directory is the package's until the tests change it, which is later.
  const pathOf = (path: string): string | undefined => (path === '' ? undefined : resolve(directory, outputdir, path));
  const found = new Map<Profile, string>();
  for (const [i, profile] of PROFILES.entries()) {
    const path = pathOf(profiles[i] ?? '');
    if (path !== undefined) found.set(profile, path);
  }
  return {
    pid: Number(pid),
    parent: Number(parent),
    stdout: stdout === '' ? undefined : stdout,
    directory,
    binary,
    trace: pathOf(trace),
    profiles: found,
  };
}

const isPid = (text: string | undefined): text is string => text !== undefined && /^[1-9]\d{0,9}$/.test(text);
