import type { Detector } from './detector.ts';
import { timeout } from './timeout.ts';

/** Every detector, in the order in which they are shown. */
export const DETECTORS: readonly Detector[] = [timeout];
