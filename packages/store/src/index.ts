export { ArtifactFiles } from './artifact-files.ts';
export { artifactIdOf, MAX_ARTIFACT_BYTES, openArtifactSource, type ArtifactSource } from './artifact-source.ts';
export { writeFileAtomically } from './atomic-file.ts';
export {
  claimCollector,
  collectorFilePath,
  readCollectorFile,
  removeCollectorFile,
  writeCollectorFile,
} from './collector-file.ts';
export { errnoOf, StoreError, type StoreErrorCode } from './errors.ts';
export { openLog, type FileLog } from './file-log.ts';
export { openFileStore, type FileRunWriter, type FileStore } from './file-store.ts';
export { collectorLogPath, isRunId, observeHome } from './home.ts';
export { isAlive, processOf, thisProcess, type ProcessId } from './process-id.ts';
export {
  decodeChunk,
  decodeFrame,
  decodeUtf8,
  encodeChunk,
  encodeFrame,
  encodeRecord,
  isChunkFrame,
  lastLineOf,
  lastSeqOf,
  NO_PAYLOAD,
  skipLines,
  splitFrame,
  textOf,
  withoutSeq,
  withSeq,
  type Chunk,
  type Frame,
  type RawRecord,
} from './raw-record.ts';
export { type Lease } from './lease.ts';
export { createMemoryStore, type MemoryStore, type MemoryStoreOptions } from './memory-store.ts';
export { keepArtifact } from './keep-artifact.ts';
export { newRunId } from './run-id.ts';
export { type RunStore, type RunWriter, type StoredRun } from './run-store.ts';
export { snapshotOf, snapshotTraces, type SnapshotArtifact } from './snapshot.ts';
export { createSpool, listSpools, openSpool, readSpool, type Spool, type SpoolInfo } from './spool.ts';
export { KEPT_ARTIFACT_BYTES, trimArtifacts } from './trim-artifacts.ts';
