export type { RunEvent } from './event.ts';
export { rangesOf } from './output.ts';
export { applyPatch, encodePatch, viewOf } from './patch.ts';
export { createRecordReader } from './reader.ts';
export { reduceRun } from './reduce.ts';
export { createRecordFold, type ByteRecord } from './record-fold.ts';
export {
  emptyRun,
  NONE,
  PHASES,
  type BuildState,
  type Crash,
  type LostKind,
  type LostReason,
  type OutputRanges,
  type PackageState,
  type Phase,
  type RunState,
  type StreamQuality,
  type TestExtras,
  type TestKind,
  type TestState,
} from './state.ts';
export { activeNsOf, pausedNsOf, stopNsOf, testsOf, visitSegments, wallNsOf } from './times.ts';
export { summaryOf, verdictOf } from './verdict.ts';
