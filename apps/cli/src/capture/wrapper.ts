import { chmod, constants, access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, writeFileAtomically } from '@observe/store';
import { messageOf, Problem } from '../problem.ts';

/** Directory in which test binaries leave their records and traces until a run takes them. */
export const captureDir = (home: string): string => join(home, 'capture');
/** For those whose `go test` is not ours: `-exec "$(observe exec-path)"`. */
export const looseDir = (home: string): string => join(captureDir(home), 'loose');

/** Profiles that testing writes, by the names of its flags: `cpu` is `-test.cpuprofile`. */
export const PROFILES = ['cpu', 'mem', 'block', 'mutex'] as const;
export type Profile = (typeof PROFILES)[number];

/** What the wrapper is told by its environment. It takes them out of that of the tests. */
export interface WrapperOptions {
  /** Where records and traces go; absent: the directory that is written in the script. */
  readonly dir?: string;
  readonly profiles?: readonly Profile[];
  /** Of a generation of the trace, in ns; absent: Go's own, a second. */
  readonly periodNs?: number;
  /** Directories of packages that are not traced; `all`: none is. */
  readonly noTrace?: readonly string[] | 'all';
}

export const wrapperEnv = ({ dir, profiles, periodNs, noTrace }: WrapperOptions): Record<string, string> => ({
  ...(dir === undefined ? {} : { OBSERVE_CAPTURE_DIR: dir }),
  ...(profiles === undefined ? {} : { OBSERVE_CAPTURE_PROFILES: profiles.join(',') }),
  ...(periodNs === undefined ? {} : { OBSERVE_CAPTURE_PERIOD_NS: String(periodNs) }),
  ...(noTrace === undefined ? {} : { OBSERVE_CAPTURE_NO_TRACE: noTrace === 'all' ? '*' : noTrace.join('\n') }),
});

/** Makes the wrapper and its directory as they should be. Its path. Problem: it cannot be written, or not be run there. */
export async function writeWrapper(home: string): Promise<string> {
  const dir = captureDir(home);
  const path = join(dir, 'exec');
  try {
    await mkdir(looseDir(home), { recursive: true, mode: 0o700 });
    const text = wrapperText(looseDir(home));
    const known = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error;
      return undefined;
    });
    if (known !== text) await writeFileAtomically(path, text);
    await chmod(path, 0o700);
  } catch (error) {
    throw new Problem(`the wrapper for go test -exec cannot be written: ${messageOf(error)}`);
  }
  await access(path, constants.X_OK).catch(() => {
    throw new Problem(`${path} cannot be run: set OBSERVE_HOME to a directory in which programs may be run`);
  });
  return path;
}

/**
 * A word as `go test -exec` reads it (Go, cmd/internal/quoted): spaces and one kind of quote can be said, both kinds cannot.
 * Undefined then.
 */
export function quotedForGo(word: string): string | undefined {
  const [hasSpace, hasSingle, hasDouble] = [/[ \t\n\r]/.test(word), word.includes("'"), word.includes('"')];
  if (!hasSpace && !hasSingle && !hasDouble) return word;
  if (!hasSingle) return `'${word}'`;
  return hasDouble ? undefined : `"${word}"`;
}

/** A word as a POSIX shell reads it. */
const quotedForShell = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * The script. It becomes the test binary, so that its pid is the test's. Whatever it cannot do, the test runs.
 * All its variables begin with observe_: one that was exported to the test would change.
 */
const wrapperText = (dir: string): string => `#!/bin/sh
# Written by observe, and written again when it should differ: go test -exec runs this in front of each test binary.
# It adds -test.trace in front of the binary's own flags, so that a trace of your own wins, says in a file which process
# this is, and becomes the test. Its arguments: your own -exec, if any, the binary, its flags.
observe_dir=\${OBSERVE_CAPTURE_DIR:-${quotedForShell(dir)}}
observe_profiles=,\${OBSERVE_CAPTURE_PROFILES-},
observe_period=\${OBSERVE_CAPTURE_PERIOD_NS-}
observe_no_trace=\${OBSERVE_CAPTURE_NO_TRACE-}
# Where all runs share one directory, what go test prints to tells whose this is: the one process that is started here.
observe_stdout=
case \${OBSERVE_CAPTURE_DIR-} in '') observe_stdout=$(readlink "/proc/$PPID/fd/1" 2>/dev/null) ;; esac
unset OBSERVE_CAPTURE_DIR OBSERVE_CAPTURE_PROFILES OBSERVE_CAPTURE_PERIOD_NS OBSERVE_CAPTURE_NO_TRACE

# What the arguments say already. The last one counts, as in Go.
observe_binary= observe_flags= observe_next= observe_outputdir= observe_fuzz=
observe_trace= observe_cpu= observe_mem= observe_block= observe_mutex=
for observe_arg do
  case $observe_next in ?*) observe_arg=$observe_next=$observe_arg observe_next= ;; esac
  case $observe_arg in --test.*) observe_arg=\${observe_arg#-} ;; esac
  case $observe_arg in
    -test.trace | -test.outputdir | -test.cpuprofile | -test.memprofile | -test.blockprofile | -test.mutexprofile)
      observe_next=$observe_arg ;;
    -test.trace=*) observe_trace=\${observe_arg#*=} ;;
    -test.cpuprofile=*) observe_cpu=\${observe_arg#*=} ;;
    -test.memprofile=*) observe_mem=\${observe_arg#*=} ;;
    -test.blockprofile=*) observe_block=\${observe_arg#*=} ;;
    -test.mutexprofile=*) observe_mutex=\${observe_arg#*=} ;;
    -test.outputdir=*) observe_outputdir=\${observe_arg#*=} ;;
    -test.fuzz=?*) observe_fuzz=1 ;;
  esac
  case $observe_flags$observe_arg in
    -test.*) observe_flags=1 ;;
    1*) ;;
    *) observe_binary=$observe_arg ;;
  esac
done
case $observe_flags in '') exec "$@" ;; esac
# Fuzzing hands its flags on to its workers, which would all write the same files.
case $observe_fuzz in 1) exec "$@" ;; esac

observe_add=
case $observe_trace in '')
  case "
$observe_no_trace
" in
    *"
$PWD
"* | "
*
") ;;
    *) observe_trace=$observe_dir/$$.trace observe_add=trace ;;
  esac ;;
esac
case $observe_profiles in *,cpu,*) [ -n "$observe_cpu" ] || observe_cpu=$observe_dir/$$.cpu observe_add=$observe_add,cpu ;; esac
case $observe_profiles in *,mem,*) [ -n "$observe_mem" ] || observe_mem=$observe_dir/$$.mem observe_add=$observe_add,mem ;; esac
case $observe_profiles in *,block,*) [ -n "$observe_block" ] || observe_block=$observe_dir/$$.block observe_add=$observe_add,block ;; esac
case $observe_profiles in *,mutex,*) [ -n "$observe_mutex" ] || observe_mutex=$observe_dir/$$.mutex observe_add=$observe_add,mutex ;; esac

# The record is whole when its last line is there. Where it cannot be written, the tests run all the same.
{ printf '%s\\n' 'observe capture 1' "pid=$$" "parent=$PPID" "stdout=$observe_stdout" "directory=$PWD" "binary=$observe_binary" \\
    "outputdir=$observe_outputdir" "trace=$observe_trace" "cpu=$observe_cpu" "mem=$observe_mem" \\
    "block=$observe_block" "mutex=$observe_mutex" end >"$observe_dir/$$.process"; } 2>/dev/null || exec "$@"

case $observe_add,$observe_period in
  trace,*[0-9]) GODEBUG=\${GODEBUG:+$GODEBUG,}traceadvanceperiod=$observe_period && export GODEBUG ;;
esac
# Each argument goes to the end once; ours are slipped in before the first of the binary's flags.
observe_left=$#
while [ "$observe_left" -gt 0 ]; do
  case $observe_flags$1 in 1-test.* | 1--test.*)
    observe_flags=
    case ,$observe_add, in *,trace,*) set -- "$@" "-test.trace=$observe_trace" ;; esac
    case ,$observe_add, in *,cpu,*) set -- "$@" "-test.cpuprofile=$observe_cpu" ;; esac
    case ,$observe_add, in *,mem,*) set -- "$@" "-test.memprofile=$observe_mem" ;; esac
    case ,$observe_add, in *,block,*) set -- "$@" "-test.blockprofile=$observe_block" ;; esac
    case ,$observe_add, in *,mutex,*) set -- "$@" "-test.mutexprofile=$observe_mutex" ;; esac
    ;;
  esac
  set -- "$@" "$1"
  shift
  observe_left=$((observe_left - 1))
done
exec "$@"
`;
