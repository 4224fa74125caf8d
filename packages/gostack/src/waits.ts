import type { Frame } from './frame.ts';
import type { Stack } from './goroutine.ts';
import { isRuntime, isStandardLibrary, packageOf } from './std.ts';
import { TESTING_WAITS, type TestingWaitId } from './testing-waits.ts';

/** Where a goroutine stands. */
export interface WaitSite {
  /** The first frame that is not the runtime's: what it waits in (`sync.(*Mutex).Lock`). Absent: runtime only. */
  readonly call: Frame | undefined;
  /** The first frame outside of the standard library: who waits. Absent: there is none. */
  readonly user: Frame | undefined;
}

/** A stack of which only the functions count, innermost first: of a dump, or of an execution trace. */
export interface Calls {
  readonly frames: readonly Pick<Frame, 'func'>[];
}

/** "Waiting on X" is the first frame that is not the runtime's; never "the stack contains X". */
export const waitSite = ({ frames }: Pick<Stack, 'frames'>): WaitSite => ({
  call: frames.find((frame) => !isRuntime(frame)),
  user: frames.find((frame) => !isStandardLibrary(frame)),
});

/** The wait of package testing that the goroutine is in; undefined: none, its wait is the user's. */
export function testingWait({ frames }: Calls): TestingWaitId | undefined {
  const call = frames.find((frame) => !isRuntime(frame));
  if (call === undefined) return undefined;
  // A lock is taken inside package sync; who takes it stands below.
  const locker = packageOf(call.func) === 'sync' ? frames.find(isLocker) : undefined;
  const row = TESTING_WAITS.find((wait) => fits(wait.func, (wait.isLock ? locker : call)?.func));
  // The run itself stands in the same calls as a test that has subtests.
  return row !== undefined && frames.some((frame) => frame.func === 'testing.(*M).Run') ? 'run' : row?.id;
}

const isLocker = (frame: Pick<Frame, 'func'>): boolean => !isRuntime(frame) && packageOf(frame.func) !== 'sync';

const fits = (pattern: string, func: string | undefined): boolean =>
  func !== undefined && (pattern.endsWith('*') ? func.startsWith(pattern.slice(0, -1)) : func === pattern);

/** Below `t.Cleanup` functions: a wait here is the user's, and the test is in its cleanup. */
export const isInCleanup = ({ frames }: Calls): boolean =>
  frames.some((frame) => frame.func === 'testing.(*common).runCleanup');
