export { defineDetector, type Claim, type Detector } from './detector.ts';
export { hasFact, type FactName, type Facts, type KnownFacts, type TracedProcess } from './facts.ts';
export { DETECTORS } from './registry.ts';
export { runDetectors } from './run-detectors.ts';
