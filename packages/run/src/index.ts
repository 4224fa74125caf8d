export { ARTIFACT_HEAD_BYTES, kindOfArtifact, type Artifact, type ArtifactKind } from './artifact/kind.ts';
export {
  packageOfCoverage,
  packageOfGoroutineProfile,
  packageOfProfile,
  packageOfReport,
  type Placement,
} from './artifact/package.ts';
export { ownersOfProfile, valuesByTest, type ProfileOwners, type ProfileTest } from './artifact/profile-tests.ts';
export { spanOfProfile, type ProfileSpan } from './artifact/profile-time.ts';
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
  type ProcessState,
  type Phase,
  type RunState,
  type StreamQuality,
  type TestExtras,
  type TestKind,
  type TestState,
} from './state.ts';
export { activeNsOf, pausedNsOf, stopNsOf, testsOf, visitSegments, wallNsOf } from './times.ts';
export { summaryOf, verdictOf } from './verdict.ts';
export { AccountTable, type TimeShare } from './trace/account-table.ts';
export { alignTrace, runNsOf, traceNsOf, type AlignmentPiece, type TraceAlignment } from './trace/align-trace.ts';
export { CrossWakes } from './trace/cross-wakes.ts';
export { GoroutineRows } from './trace/goroutine-rows.ts';
export { KeptSegments, type KeptSegment } from './trace/kept-segments.ts';
export { OWNER, OWNER_KINDS, RUNNER_KIND, type OwnerKind } from './trace/owner-kind.ts';
export { OwnerPairs, PAIRED_BY, pairOwners } from './trace/owner-pairs.ts';
export { OwnerTable } from './trace/owner-table.ts';
export { packageOfTrace, type TestedPackage } from './trace/package-of.ts';
export { pairOutput, type OutputOwners, type PrintedLine } from './trace/pair-output.ts';
export { PrintLog } from './trace/print-log.ts';
export { ProcessTrace, type TraceExtent } from './trace/process-trace.ts';
export { RangeLog } from './trace/range-log.ts';
export { StackFacts, TEST_WAITS } from './trace/stack-facts.ts';
export { StepSeries } from './trace/step-series.ts';
