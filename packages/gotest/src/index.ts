export {
  COVERAGE_LIMITS,
  createCoverageReader,
  type BlockTable,
  type CoverageFault,
  type CoverageLimits,
  type CoverageMode,
  type CoverageProfile,
  type CoverageReader,
} from './coverage.ts';
export { packageOfFile, percentOf, summarizeCoverage, type CoverageSummary, type Covered } from './coverage-summary.ts';
export type { TestAction, TestEvent } from './event.ts';
export { isFrameOf, isTestLog, isTestName, readFrame, readMidlineFrame, readResult, type Frame } from './frame.ts';
export { readHead, type Head } from './head.ts';
export { FLAG, KIND, newLineColumns, type LineColumns } from './line-columns.ts';
export { LineReader } from './line-reader.ts';
export { createParser, type LineParser } from './parse.ts';
export { isBenchmarkResult } from './repair/benchmark-end.ts';
export { isCachedLine } from './repair/cached-replay.ts';
export { isForgedName } from './repair/forged-frame.ts';
export { isIoIncomplete } from './repair/held-output.ts';
export { FRAME_MARK, MAX_FRAME_CHARS } from './repair/long-frame.ts';
export { isGoroutineHeader } from './repair/misplaced-dump.ts';
export { isRaceMark, isRaceRule, isRaceWarning } from './repair/misplaced-race.ts';
export { readBuildHeader, readFailedStep } from './repair/text-build.ts';
export { isRunningTests, readRunningTest } from './repair/timeout-list.ts';
export type { Repair } from './repair/repair.ts';
export { REPAIRS, type RepairId } from './repairs.ts';
