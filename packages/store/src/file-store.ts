import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FORMAT, runSummary, type LogRecord, type RunSummary } from '@observe/protocol';
import { ArtifactFiles } from './artifact-files.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { errnoOf, StoreError, storeError } from './errors.ts';
import { LOG_NAME, openLog, type FileLog } from './file-log.ts';
import { isRunId, runsDir } from './home.ts';
import { claimLease, leaseHolder, type Lease } from './lease.ts';
import { LogIndex } from './log-index.ts';
import { readLog, scanLog } from './log-reader.ts';
import { textOf, type RawRecord } from './raw-record.ts';
import type { RunStore, RunWriter, StoredRun } from './run-store.ts';
import { readUnfinished } from './unfinished-line.ts';

const SUMMARY_NAME = 'run.json';
/** Indexes of logs that others write or nobody does, kept from one read to the next. */
const MAX_INDEXES = 16;

/** Runs as directories: `OBSERVE_HOME/runs/<id>/{run.json,events.jsonl,lease-<n>.json}`. */
export interface FileStore extends RunStore {
  claim(runId: string, owner: string): Promise<FileRunWriter>;
  /** The log as text: a LogSource of packages/query is `{ read: (from, to) => store.readText(runId, from, to) }`. */
  readText(runId: string, fromSeq: number, toSeq: number): AsyncIterable<LogRecord>;
  /** File of an artifact; it may not be there. */
  artifactPath(runId: string, artifact: string): string;
}

/** A writer that can also write at once, for a program that has nothing else to do, and read its own log. */
export interface FileRunWriter extends RunWriter, Pick<FileLog, 'appendSync' | 'keepUnfinished' | 'read' | 'readText'> {
  /** File of an artifact, in a directory that is there: for a program that lets others write into it. */
  artifactPath(artifact: string): Promise<string>;
}

/** Makes no directory before the first claim. */
export function openFileStore(home: string): FileStore {
  const runs = runsDir(home);
  const writers = new Set<FileRunWriter>();
  const indexes = new Map<string, LogIndex>();
  const summaries = new SummaryCache();

  const dirOf = (runId: string): string => {
    if (!isRunId(runId))
      throw new StoreError('not-found', runs, `no run ${JSON.stringify(runId)}: that is not the id of a run`);
    return join(runs, runId);
  };

  /** What is in the file now: scans what came since the last time. */
  const indexOf = async (runId: string, file: FileHandle): Promise<LogIndex> => {
    const { size } = await file.stat();
    const known = indexes.get(runId);
    // Shorter: another writer's recovery has cut it.
    const index = known === undefined || known.end > size ? new LogIndex() : known;
    await scanLog(file, size, index);
    indexes.delete(runId);
    indexes.set(runId, index);
    const oldest = indexes.keys().next().value;
    if (indexes.size > MAX_INDEXES && oldest !== undefined) indexes.delete(oldest);
    return index;
  };

  async function* read(runId: string, fromSeq: number, toSeq: number): AsyncGenerator<RawRecord> {
    const path = join(dirOf(runId), LOG_NAME);
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return;
      throw storeError(error, path, 'read');
    }
    try {
      const index = await indexOf(runId, file);
      yield* readLog(file, index, fromSeq, toSeq);
      // What a writer that died had begun to read: the next one will append it.
      if (toSeq <= index.head + 1 || fromSeq > index.head + 1) return;
      const unfinished = await readUnfinished(path, index.head);
      if (unfinished !== undefined && !(await isHeld(runId))) yield unfinished;
    } finally {
      await file.close();
    }
  }

  async function isHeld(runId: string): Promise<boolean> {
    const dir = dirOf(runId);
    return (await leaseHolder(dir, await lastWriteMs(dir))) !== undefined;
  }

  async function* readText(runId: string, fromSeq: number, toSeq: number): AsyncGenerator<LogRecord> {
    for await (const record of read(runId, fromSeq, toSeq)) yield textOf(record);
  }

  return {
    async list() {
      const names = await readdir(runs).catch((error: unknown) => {
        if (errnoOf(error) === 'ENOENT') return [];
        throw storeError(error, runs, 'list');
      });
      return Promise.all(names.filter(isRunId).map((id) => summaries.read(runs, id)));
    },

    async summary(runId) {
      return isRunId(runId) ? (await summaries.read(runs, runId)).summary : undefined;
    },

    read,
    readText,

    artifactSizes: (runId) => new ArtifactFiles(dirOf(runId)).sizes(),
    readArtifact: (runId, artifact, from, to) => new ArtifactFiles(dirOf(runId)).read(artifact, from, to),
    artifactPath: (runId, artifact) => new ArtifactFiles(dirOf(runId)).pathOf(artifact),

    async claim(runId, owner) {
      const dir = dirOf(runId);
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 });
      } catch (error) {
        throw storeError(error, dir, 'make');
      }
      if ((await summaries.read(runs, runId)).isNewer) {
        throw new StoreError(
          'newer-format',
          dir,
          `${dir} was written by a later version of observe (format above ${FORMAT}); update observe to go on with it`,
        );
      }
      const lease = await claimLease(dir, owner, await lastWriteMs(dir)).catch((error: unknown) => {
        throw storeError(error, dir, 'claim');
      });
      try {
        const log = await openLog(dir);
        const writer = fileRunWriter({ runId, dir, lease, log, onRelease: () => writers.delete(writer) });
        writers.add(writer);
        return writer;
      } catch (error) {
        await lease.release();
        throw error;
      }
    },

    isHeld,

    async delete(runId) {
      const dir = dirOf(runId);
      try {
        const lease = await claimLease(dir, 'delete', await lastWriteMs(dir));
        // Gone at once, whatever becomes of the removal: such a name is no run.
        const gone = join(runs, `.deleted-${runId}-${lease.fence}`);
        await rename(dir, gone);
        await rm(gone, { recursive: true, force: true });
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw storeError(error, dir, 'delete');
      } finally {
        indexes.delete(runId);
        summaries.forget(runId);
      }
    },

    async close() {
      await Promise.all([...writers].map((writer) => writer.release()));
    },
  };
}

interface WriterParts {
  readonly runId: string;
  readonly dir: string;
  readonly lease: Lease;
  readonly log: FileLog;
  readonly onRelease: () => void;
}

function fileRunWriter({ runId, dir, lease, log, onRelease }: WriterParts): FileRunWriter {
  const artifacts = new ArtifactFiles(dir);
  return {
    runId,
    fence: lease.fence,
    get head() {
      return log.head;
    },
    get bytes() {
      return log.bytes;
    },
    have: (producer) => log.have(producer),
    async append(records) {
      lease.check();
      await log.append(records);
    },
    appendSync(records) {
      lease.check();
      log.appendSync(records);
    },
    keepUnfinished(header, added) {
      lease.check();
      log.keepUnfinished(header, added);
    },
    async putChunk(artifact, offset, bytes) {
      lease.check();
      return artifacts.put(artifact, offset, bytes);
    },
    async artifactPath(artifact) {
      await artifacts.prepare();
      return artifacts.pathOf(artifact);
    },
    read: (fromSeq, toSeq) => log.read(fromSeq, toSeq),
    readText: (fromSeq, toSeq) => log.readText(fromSeq, toSeq),
    async putSummary(summary) {
      lease.check();
      await writeFileAtomically(join(dir, SUMMARY_NAME), JSON.stringify(summary, undefined, 2) + '\n');
    },
    async sync() {
      await log.sync();
      await artifacts.sync();
    },
    async release() {
      onRelease();
      try {
        await artifacts.close();
        await log.close();
      } finally {
        await lease.release();
      }
    },
  };
}

/** 0 when there is no log. */
async function lastWriteMs(dir: string): Promise<number> {
  const found = await stat(join(dir, LOG_NAME)).catch(() => undefined);
  return found?.mtimeMs ?? 0;
}

/** `run.json` of each run, read again only when the file has changed: a list of a thousand runs costs a thousand stats. */
class SummaryCache {
  readonly #known = new Map<string, { readonly stamp: string; readonly run: StoredRun }>();

  async read(runs: string, id: string): Promise<StoredRun> {
    const path = join(runs, id, SUMMARY_NAME);
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const known = this.#known.get(id);
      if (known?.stamp === stamp) return known.run;
      const run = { id, ...parseSummary(await readFile(path, 'utf8'), id) };
      this.#known.set(id, { stamp, run });
      return run;
    } catch {
      return { id, summary: undefined, isNewer: false };
    }
  }

  forget(id: string): void {
    this.#known.delete(id);
  }
}

function parseSummary(text: string, id: string): { summary: RunSummary | undefined; isNewer: boolean } {
  const json = JSON.parse(text) as unknown;
  const isNewer =
    typeof json === 'object' &&
    json !== null &&
    'format' in json &&
    typeof json.format === 'number' &&
    json.format > FORMAT;
  const summary = runSummary.safeParse(json).data;
  return { summary: !isNewer && summary?.id === id ? summary : undefined, isNewer };
}
