export { createAssembler, type Assembler } from './assembler.ts';
export { bucketGoroutines, type Bucket, type LabelSet } from './bucket.ts';
export { parseGoDuration } from './duration.ts';
export { parseCreatedBy, parseFrame, type CreatedBy, type Frame } from './frame.ts';
export type { Ancestor, Dump, Elided, Goroutine, Stack } from './goroutine.ts';
export {
  createGoroutineProfileReader,
  type CountedStack,
  type GoroutineProfile,
  type GoroutineProfileReader,
} from './goroutine-profile.ts';
export { parseGoroutineHeader, type Bubble, type GoroutineHeader } from './header.ts';
export type { Labels } from './labels.ts';
export { LIMITS, type Limits } from './limits.ts';
export { parseMark, type Mark, type MarkFact } from './mark.ts';
export { noiseOf, type NoiseId } from './noise.ts';
export { culpritOf, ownerOf, ownerOfAccess, ownerOfStack, ownersOf, type Owner } from './owner.ts';
export type { PanicValue, RunningTest, Timeout } from './panic.ts';
export type {
  Block,
  DumpBlock,
  Extent,
  FatalBlock,
  PanicBlock,
  RaceAccess,
  RaceBlock,
  RaceGoroutine,
  RaceLocation,
  RaceStack,
  Range,
  Report,
  SignalBlock,
} from './report.ts';
export { isRuntime, isStandardLibrary, packageOf } from './std.ts';
export { testFunctionOf, TEST_RUNNERS } from './test-function.ts';
export { TESTING_WAITS, type TestingWaitId, type TestingWaitRow } from './testing-waits.ts';
export { isInCleanup, testingWait, waitSite, type Calls, type WaitSite } from './waits.ts';
