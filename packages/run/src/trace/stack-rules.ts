import { isRuntime, isStandardLibrary, packageOf, testFunctionOf, TEST_RUNNERS } from '@observe/gostack';
import type { Frame } from '@observe/gotrace';

/** What the name of a function tells. Stacks have a hundred thousand frames, of a few thousand functions. */
export interface Call {
  readonly func: string;
  /** Import path. */
  readonly path: string;
  readonly isRuntime: boolean;
  /** Code of a test, or of anything that is not Go's. */
  readonly isTestCode: boolean;
}

export const callOf = (frame: Pick<Frame, 'func' | 'file'>): Call => ({
  func: frame.func,
  path: packageOf(frame.func),
  isRuntime: isRuntime(frame),
  isTestCode: testFunctionOf(frame.func) !== undefined || frame.file.endsWith('_test.go') || !isStandardLibrary(frame),
});

// The rest: what the calls of a stack say, innermost first.

/** Place of the call that package testing made, and that is the user's; -1 when testing itself works or waits there. */
export function testedCall(calls: readonly Call[]): number {
  const runner = calls.findLastIndex(({ func }) => TEST_RUNNERS.has(func));
  for (let at = runner - 1; at >= 0; at--) {
    const { func, isTestCode } = calls[at] as Call;
    if (func.startsWith('testing.(*F).Fuzz') || func.startsWith('reflect.Value.')) continue;
    return isTestCode ? at : -1;
  }
  return -1;
}

/** The write of a `=== RUN` line, just before the test's goroutine is made. */
export function isAnnouncement(calls: readonly Call[]): boolean {
  if (calls[0]?.func !== 'syscall.write') return false;
  const print = calls.findIndex(({ func }) => func === 'testing.(*chattyPrinter).Updatef');
  return print !== -1 && calls[print + 1]?.func === 'testing.(*T).Run';
}

/** Package testing itself is at work, if through a lock; not the user's code that it calls. */
export function isOfTesting(calls: readonly Call[]): boolean {
  const cause = calls.find(({ isRuntime, path }) => !isRuntime && path !== 'sync');
  return cause !== undefined && (cause.path === 'testing' || cause.path === 'testing/synctest') && !cause.isTestCode;
}

/** A wait on a semaphore is one of package sync: a lock or a group of the program, none of the runtime or of a file. */
export const isInSync = ([innermost]: readonly Call[]): boolean =>
  innermost?.path === 'sync' || innermost?.path === 'internal/sync';

/**
 * A write(2) of the program, without a call of package testing between it and the code of the test. `sure`: it prints, unless somebody
 * exchanged the output; `maybe`: to whatever file. Undefined: it is none.
 */
export function printOf(calls: readonly Call[]): 'sure' | 'maybe' | undefined {
  if (calls[0]?.func !== 'syscall.write' || !calls.some(({ func }) => func === 'os.(*File).Write')) return undefined;
  const cause = calls.findIndex(({ isTestCode, path }) => isTestCode || path === 'testing');
  if (calls[cause]?.isTestCode === false) return undefined;
  return PRINTERS.test(calls[cause - 1]?.func ?? '') ? 'sure' : 'maybe';
}

/** Functions that print, and have no other destination in their arguments. Loggers of one's own may have. */
const PRINTERS = /^(?:fmt\.Print(?:f|ln)?|log\.(?:Print|Fatal|Panic)(?:f|ln)?)$/;
