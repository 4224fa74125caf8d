export type { LogSource } from './log-source.ts';
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
export { readReports, type PackageReports, type ShownBucket, type ShownReport } from './reports.ts';
export { showRun } from './show.ts';
