import type { Stack } from './goroutine.ts';
import { isRuntime } from './std.ts';
import { testingWait } from './waits.ts';

/** Goroutines that are there in every dump and say nothing about the code under test. */
export type NoiseId =
  /** Package testing waits (see `testingWait`), or reads the output of an example. */
  | 'testing'
  /** The timer that panics when `-timeout` is over. */
  | 'alarm'
  /** `os/signal`. */
  | 'signals'
  /** The reader of `-trace`, the writer of a profile. */
  | 'tracing'
  /** The runtime's own workers. */
  | 'runtime';

/** Any frame of these names is enough. goleak ignores the same, the alarm excepted. */
const NOISE: readonly { readonly id: NoiseId; readonly func: string }[] = [
  { id: 'alarm', func: 'testing.(*M).startAlarm.func1' },
  { id: 'testing', func: 'testing.runExample.func1' }, // reads what an example prints
  { id: 'signals', func: 'os/signal.signal_recv' },
  { id: 'signals', func: 'os/signal.loop' },
  { id: 'signals', func: 'runtime.ensureSigM' },
  { id: 'tracing', func: 'runtime.ReadTrace' },
  { id: 'tracing', func: 'runtime/pprof.profileWriter' },
];

export function noiseOf(stack: Pick<Stack, 'frames'>): NoiseId | undefined {
  if (testingWait(stack) !== undefined) return 'testing';
  const row = NOISE.find((noise) => stack.frames.some((frame) => frame.func === noise.func));
  if (row) return row.id;
  return stack.frames.length > 0 && stack.frames.every(isRuntime) ? 'runtime' : undefined;
}
