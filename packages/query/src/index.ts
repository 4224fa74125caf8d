export type { LogSource } from './log-source.ts';
export { readNow, type NowAnswer, type NowTest } from './now.ts';
export {
  createOutputReader,
  MAX_LINES,
  MAX_SHOWN_LINE,
  readOutput,
  type OutputOf,
  type OutputReader,
  type Page,
} from './output.ts';
export { qualityOf, type QualityNote } from './quality.ts';
export { readReport, readReports, type PackageReports, type ShownBucket, type ShownReport } from './reports.ts';
export { showRun } from './show.ts';
export {
  readSnapshotManifest,
  SNAPSHOT_CHUNK_ATTRIBUTE,
  SNAPSHOT_CHUNK_BYTES,
  SNAPSHOT_MANIFEST_ID,
  SNAPSHOT_SLOT,
  snapshotHtml,
  type SnapshotChunk,
  type SnapshotFault,
  type SnapshotManifest,
} from './snapshot.ts';
export {
  MAX_GOROUTINES,
  MAX_WIDTH,
  type GoroutinesOf,
  type TraceAnswer,
  type TraceQuestion,
  type TraceWindow,
} from './traces/questions.ts';
export { createRunTraces, type RunTraces, type TiedProcess } from './traces/run-traces.ts';
export type { Attribution } from './traces/attribution.ts';
export { Attributions, type PrinterSource } from './traces/attributions.ts';
export type { ArtifactDescription } from './traces/describe-artifact.ts';
