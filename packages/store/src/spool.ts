import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FORMAT } from '@observe/protocol';
import * as z from 'zod';
import { ArtifactFiles } from './artifact-files.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { errnoOf, storeError } from './errors.ts';
import { openLog, type FileLog } from './file-log.ts';
import { isRunId, spoolsDir } from './home.ts';
import { isAlive, thisProcess } from './process-id.ts';

const SPOOL_NAME = 'spool.json';

const spoolFile = z.object({
  format: z.int(),
  runId: z.string(),
  producer: z.string().min(1).max(100),
  pid: z.int(),
  /** See ProcessId. */
  started: z.string().optional(),
});

/** What a producer has read and a collector may not have yet. A log of its own, in which `seq` equals `line`. */
export interface Spool {
  readonly runId: string;
  readonly producer: string;
  readonly log: FileLog;
  /** What the run's processes have written, or still do. */
  readonly artifacts: ArtifactFiles;
  /** Closes and deletes it: everything is acknowledged. */
  remove(): Promise<void>;
}

export interface SpoolInfo {
  readonly runId: string;
  readonly producer: string;
  /** Its process is gone: nobody will send it. */
  readonly isOrphan: boolean;
}

export async function createSpool(
  home: string,
  { runId, producer }: { runId: string; producer: string },
): Promise<Spool> {
  const dir = spoolDir(home, runId);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storeError(error, dir, 'make the spool');
  }
  await writeFileAtomically(
    join(dir, SPOOL_NAME),
    JSON.stringify({ format: FORMAT, runId, producer, ...thisProcess() }) + '\n',
  );
  return spoolOf(home, runId, producer);
}

/** Opens the spool that a process which is gone has left. */
export const openSpool = (home: string, { runId, producer }: SpoolInfo): Promise<Spool> =>
  spoolOf(home, runId, producer);

/** All that are whole enough to be sent, in the order of their runs. */
export async function listSpools(home: string): Promise<readonly SpoolInfo[]> {
  const names = await readdir(spoolsDir(home)).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw storeError(error, spoolsDir(home), 'read');
  });
  const found = await Promise.all(
    names
      .filter(isRunId)
      .sort()
      .map((runId) => readSpool(home, runId)),
  );
  return found.filter((spool) => spool !== undefined);
}

/** The spool of this run; undefined when there is none, or it is of a later format. */
export async function readSpool(home: string, runId: string): Promise<SpoolInfo | undefined> {
  try {
    const file = spoolFile.parse(JSON.parse(await readFile(join(spoolDir(home, runId), SPOOL_NAME), 'utf8')));
    if (file.format > FORMAT || file.runId !== runId) return undefined;
    return { runId, producer: file.producer, isOrphan: !isAlive(file) };
  } catch {
    return undefined;
  }
}

function spoolDir(home: string, runId: string): string {
  if (!isRunId(runId)) throw new Error(`not a run id: ${JSON.stringify(runId)}`);
  return join(spoolsDir(home), runId);
}

async function spoolOf(home: string, runId: string, producer: string): Promise<Spool> {
  const dir = spoolDir(home, runId);
  const log = await openLog(dir);
  return {
    runId,
    producer,
    log,
    artifacts: new ArtifactFiles(dir),
    async remove() {
      await log.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
