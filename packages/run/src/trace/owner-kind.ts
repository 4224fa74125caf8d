import { testFunctionOf } from '@observe/gostack';

/**
 * What a goroutine belongs to. The first five are owners of their own, at the same rows in every table.
 * `package`: the main goroutine, TestMain, and what they start outside of tests. `init`: older than the trace and started by an
 * init function or a package variable. `timer`: made by no goroutine (`time.AfterFunc`, deadlines of contexts). `runtime`: workers
 * of the runtime, of tracing and profiling: noise. `unknown`: nothing says so.
 * `fuzz`: a fuzz test, and each of its seeds or inputs.
 */
export const OWNER_KINDS = [
  'package',
  'init',
  'timer',
  'runtime',
  'unknown',
  'test',
  'fuzz',
  'example',
  'benchmark',
] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

/** Rows of the owners that are always there, and at the same time their kinds. */
export const OWNER = { package: 0, init: 1, timer: 2, runtime: 3, unknown: 4 } as const;

/** Kinds of owners that run user's tests. */
export const RUNNER_KIND = { test: 5, fuzz: 6, example: 7, benchmark: 8 } as const;

/** What the function says that a goroutine was started with. */
export type StartRole = 'test' | 'fuzz' | 'example' | 'benchmark' | 'benchmark-again' | 'runtime' | 'plain' | 'unknown';

/** Source: Go, `testing.go`, `fuzz.go`, `run_example.go`, `benchmark.go`; the same from 1.22 to 1.27. */
const RUNNERS: Readonly<Record<string, StartRole>> = {
  'testing.tRunner': 'test',
  'testing.fRunner': 'fuzz',
  'testing.runExample.func1': 'example', // reads what the example prints; the example itself runs on the main goroutine
  'testing.(*B).run1.func1': 'benchmark',
  'testing.(*B).launch': 'benchmark-again',
};

/** `func`: as Go prints it; empty when its name is lost. */
export function startRoleOf(func: string): StartRole {
  if (func === '') return 'unknown';
  return RUNNERS[func] ?? (isRuntimeWorker(func) ? 'runtime' : 'plain');
}

/** Workers of the runtime and of what hangs on it (`runtime/trace`, `runtime/pprof`); not a test of these packages. */
const isRuntimeWorker = (func: string): boolean =>
  /^runtime(?:\/[a-z]+)*\./.test(func) && testFunctionOf(func) === undefined && func !== 'runtime.main';

/**
 * Owner of a goroutine that is older than the trace, by the function at the root of its stack: OWNER.init, OWNER.runtime or
 * OWNER.package.
 */
export function ownerOfOlder(root: string): number {
  if (startRoleOf(root) === 'runtime') return OWNER.runtime;
  return INIT.test(root) ? OWNER.init : OWNER.package;
}

/** A closure of an init function (`auth.init.0.func1`) or of a package variable (`auth.glob..func1`, `auth.init.func1`). */
const INIT = /\.(?:init(?:\.\d+)?|glob\.)\.func\d/;
