import type { RunSummary } from '@observe/protocol';
import type { RawRecord } from './raw-record.ts';

/**
 * The one seam to storage. Every method is asynchronous, so that files, memory and a distributed log fit behind it; nothing
 * above knows which. Errors are StoreErrors. `store-contract.ts` says in tests what an implementation must hold.
 */
export interface RunStore {
  /** Every run, in no order. */
  list(): Promise<readonly StoredRun[]>;
  /** Undefined when there is no such run, or nothing was said of it yet. */
  summary(runId: string): Promise<RunSummary | undefined>;
  /**
   * Whole records that touch [fromSeq, toSeq), of those that are there when the reading begins; none at all for an unknown run.
   * Reading needs no claim.
   */
  read(runId: string, fromSeq: number, toSeq: number): AsyncIterable<RawRecord>;
  /**
   * Becomes the run's one writer, and makes the run when there is none. `held` while the writer before is alive; that of a dead
   * process is taken over, and should it not be dead, its appends fail from now on. `owner` is for people.
   */
  claim(runId: string, owner: string): Promise<RunWriter>;
  /** Bytes of each artifact of the run that are there; none for an unknown run. */
  artifactSizes(runId: string): Promise<ReadonlyMap<string, number>>;
  /** Bytes [from, to) of an artifact, as far as they are there. Each piece is the reader's to keep. */
  readArtifact(runId: string, artifact: string, from: number, to: number): AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Whether somebody alive writes it. */
  isHeld(runId: string): Promise<boolean>;
  /** `held` while somebody writes it; nothing happens when there is no such run. */
  delete(runId: string): Promise<void>;
  /** Releases what was claimed through this store. */
  close(): Promise<void>;
}

export interface StoredRun {
  readonly id: string;
  /** Undefined when its writer died before it said anything, or `isNewer`. */
  readonly summary: RunSummary | undefined;
  /** Written by a later version in a format that we must not touch. */
  readonly isNewer: boolean;
}

/** The right to append to one run. */
export interface RunWriter {
  readonly runId: string;
  /** Grows with each claim of this run. */
  readonly fence: number;
  /** Last seq; 0 = empty. */
  readonly head: number;
  /** Bytes of the log. */
  readonly bytes: number;
  /** Last line of this producer; 0 = none. */
  have(producer: string): number;
  /**
   * Resolves when the records are durable (a file: the write returned; it is forced to disk within a second and by `sync`).
   * One at a time. They go on where the log ends (`conflict` otherwise); an append that is there already changes nothing, so one
   * that failed with `unsure` may be repeated. `fenced`: this writer is not the run's writer any more. A crash keeps the first few
   * records of a batch, each whole.
   */
  append(records: readonly RawRecord[]): Promise<void>;
  /**
   * Adds to an artifact; resolves to the bytes of it that are durable then. What is there already changes nothing, so a piece may be
   * sent again; `conflict` when bytes before `offset` are missing. One at a time for each artifact; `unsure`, `fenced` as above.
   */
  putChunk(artifact: string, offset: number, bytes: Uint8Array): Promise<number>;
  putSummary(summary: RunSummary): Promise<void>;
  sync(): Promise<void>;
  /** Syncs, and lets others claim. */
  release(): Promise<void>;
}
