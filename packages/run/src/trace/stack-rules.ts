import { isRuntime, isStandardLibrary, packageOf, testFunctionOf, TEST_RUNNERS } from '@observe/gostack';
import type { Frame } from '@observe/gotrace';

// What the frames of a stack say, innermost first.

/** Place of the frame that package testing called, and that is the user's; -1 when testing itself works or waits there. */
export function testedFrame(frames: readonly Frame[]): number {
  const runner = frames.findLastIndex(({ func }) => TEST_RUNNERS.has(func));
  for (let at = runner - 1; at >= 0; at--) {
    const frame = frames[at] as Frame;
    if (frame.func.startsWith('testing.(*F).Fuzz') || frame.func.startsWith('reflect.Value.')) continue;
    return isTestCode(frame) ? at : -1;
  }
  return -1;
}

/** The write of a `=== RUN` line, just before the test's goroutine is made. */
export const isAnnouncement = (frames: readonly Frame[]): boolean => {
  const print = frames.findIndex(({ func }) => func === 'testing.(*chattyPrinter).Updatef');
  return print !== -1 && frames[print + 1]?.func === 'testing.(*T).Run' && frames[0]?.func === 'syscall.write';
};

/** Package testing itself is at work, if through a lock; not the user's code that it calls. */
export function isOfTesting(frames: readonly Frame[]): boolean {
  const cause = frames.find((frame) => !isRuntime(frame) && packageOf(frame.func) !== 'sync');
  const path = cause === undefined ? '' : packageOf(cause.func);
  return (path === 'testing' || path === 'testing/synctest') && testFunctionOf(cause?.func ?? '') === undefined;
}

/**
 * A write(2) of the program, without a frame of package testing between it and the code of the test. `sure`: it prints, unless somebody
 * exchanged the output; `maybe`: to whatever file. Undefined: it is none.
 */
export function printOf(frames: readonly Frame[]): 'sure' | 'maybe' | undefined {
  const write = frames.findIndex(({ func }) => func === 'os.(*File).Write');
  if (write === -1 || frames[0]?.func !== 'syscall.write') return undefined;
  const cause = frames.findIndex((frame) => isTestCode(frame) || packageOf(frame.func) === 'testing');
  const user = frames[cause];
  if (user !== undefined && !isTestCode(user)) return undefined;
  return PRINTERS.test(frames[cause - 1]?.func ?? '') ? 'sure' : 'maybe';
}

/** Functions that print, and have no other destination in their arguments. Loggers of one's own may have. */
const PRINTERS = /^(?:fmt\.Print(?:f|ln)?|log\.(?:Print|Fatal|Panic)(?:f|ln)?)$/;

/** Code of a test, or of anything that is not Go's. */
export const isTestCode = (frame: Frame): boolean =>
  testFunctionOf(frame.func) !== undefined || frame.file.endsWith('_test.go') || !isStandardLibrary(frame);
