import { buildFailure } from './build-failure.ts';
import { dataRace } from './data-race.ts';
import type { Detector } from './detector.ts';
import { goexit } from './goexit.ts';
import { panicCulprit } from './panic-culprit.ts';
import { silentDeath } from './silent-death.ts';
import { slotStarvation } from './slot-starvation.ts';
import { streamQuality } from './stream-quality.ts';
import { timeout } from './timeout.ts';

/** Every detector, in the order in which they are shown. */
export const DETECTORS: readonly Detector[] = [
  timeout,
  panicCulprit,
  silentDeath,
  goexit,
  dataRace,
  buildFailure,
  slotStarvation,
  streamQuality,
];
