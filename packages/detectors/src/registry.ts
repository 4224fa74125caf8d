import { buildFailure } from './build-failure.ts';
import { dataRace } from './data-race.ts';
import { deadlock } from './deadlock.ts';
import type { Detector } from './detector.ts';
import { goexit } from './goexit.ts';
import { goroutineLeak } from './goroutine-leak.ts';
import { hang } from './hang.ts';
import { lateGoroutine } from './late-goroutine.ts';
import { lateInit } from './late-init.ts';
import { panicCulprit } from './panic-culprit.ts';
import { poolExhaustion } from './pool-exhaustion.ts';
import { poolPerTest } from './pool-per-test.ts';
import { poolSelfDeadlock } from './pool-self-deadlock.ts';
import { sharedState } from './shared-state.ts';
import { silentDeath } from './silent-death.ts';
import { sleepBound } from './sleep-bound.ts';
import { slotStarvation } from './slot-starvation.ts';
import { streamQuality } from './stream-quality.ts';
import { timeout } from './timeout.ts';

/** Every detector, in the order in which they are shown. */
export const DETECTORS: readonly Detector[] = [
  hang,
  timeout,
  deadlock,
  panicCulprit,
  silentDeath,
  goexit,
  dataRace,
  buildFailure,
  goroutineLeak,
  lateGoroutine,
  sharedState,
  poolExhaustion,
  poolSelfDeadlock,
  poolPerTest,
  slotStarvation,
  sleepBound,
  lateInit,
  streamQuality,
];
