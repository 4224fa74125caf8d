import { rename } from 'node:fs/promises';
import { summaryOf, type RunState } from '@observe/run';
import { createSpool, openFileStore, trimArtifacts, type ArtifactFiles, type FileRunWriter } from '@observe/store';
import { messageOf } from '../problem.ts';
import { KeptLog } from './kept-log.ts';

/** Names of one run of the pipe. `producer`: of its source of lines, random. */
export interface RunIds {
  readonly runId: string;
  readonly producer: string;
}

/** Where a run is kept while it is read, and what becomes of it. */
export interface Place {
  readonly log: KeptLog;
  /** Where an artifact belongs; undefined when nothing is kept on disk. Rejects when its directory cannot be. */
  artifactPath(artifact: string): Promise<string | undefined>;
  /** Says in the run list how far it is; only where no collector does so. */
  note(state: RunState): Promise<void>;
  /** The input has ended. `delivered`: a collector has all of it, or some of it, or never answered. */
  close(state: RunState, delivered: 'all' | 'some' | 'none'): Promise<Kept>;
}

/**
 * How it came out. `path`: the spool that waits for a collector. `lostLines`: at the end of the run, that nobody has.
 */
export type Kept =
  | { readonly kind: 'collector' | 'store'; readonly lostLines: number }
  | { readonly kind: 'spool'; readonly path: string; readonly lostLines: number }
  | { readonly kind: 'nowhere' };

const NOWHERE: Kept = { kind: 'nowhere' };

/** To be sent to a collector. Never rejects: with no disk it is in memory. `onFault`: the disk does not take it. */
export async function openSpoolPlace(home: string, ids: RunIds, onFault: (message: string) => void): Promise<Place> {
  const spool = await createSpool(home, ids).catch((error: unknown) => {
    onFault(messageOf(error));
    return undefined;
  });
  const log = new KeptLog(spool?.log);
  return {
    log,
    async artifactPath(artifact) {
      await spool?.artifacts.prepare();
      return spool?.artifacts.pathOf(artifact);
    },
    note: () => Promise.resolve(),
    async close(state, delivered) {
      if (delivered === 'all') {
        await spool?.remove();
        return { kind: 'collector', lostLines: log.notKept };
      }
      if (delivered === 'none' && (await moveToStore(home, ids, { log, state, artifacts: spool?.artifacts }))) {
        await spool?.remove();
        return { kind: 'store', lostLines: log.notKept };
      }
      if (spool === undefined) return NOWHERE;
      await spool.log.close();
      return { kind: 'spool', path: spool.log.path, lostLines: log.inMemory + log.notKept };
    },
  };
}

/** The run itself, without a collector. Never rejects. */
export async function openStorePlace(home: string, ids: RunIds, onFault: (message: string) => void): Promise<Place> {
  const writer = await openFileStore(home)
    .claim(ids.runId, 'observe')
    .catch((error: unknown) => {
      onFault(messageOf(error));
      return undefined;
    });
  const log = new KeptLog(writer);
  let noted = Promise.resolve();
  // One after the other: an early word must not overwrite the last one.
  const note = (state: RunState): Promise<void> => {
    if (writer !== undefined) {
      noted = noted.then(() => putSummary(writer, state)).catch((error: unknown) => onFault(messageOf(error)));
    }
    return noted;
  };
  return {
    log,
    artifactPath: async (artifact) => writer?.artifactPath(artifact),
    note,
    async close(state) {
      if (writer === undefined) return NOWHERE;
      await note(state);
      await writer.release().catch((error: unknown) => onFault(messageOf(error)));
      // A collector does it for the others.
      const store = openFileStore(home);
      await trimArtifacts(home, store).catch((error: unknown) => onFault(messageOf(error)));
      return { kind: 'store', lostLines: log.inMemory + log.notKept };
    },
  };
}

/** No collector ever answered: the run goes where it would have put it. False when that is not possible. */
async function moveToStore(
  home: string,
  { runId }: RunIds,
  { log, state, artifacts }: { log: KeptLog; state: RunState; artifacts: ArtifactFiles | undefined },
): Promise<boolean> {
  try {
    const writer = await openFileStore(home).claim(runId, 'observe');
    for await (const record of log.read(writer.head + 1, log.head + 1)) await writer.append([record]);
    for (const artifact of (await artifacts?.sizes())?.keys() ?? []) {
      await rename(artifacts?.pathOf(artifact) ?? '', await writer.artifactPath(artifact));
    }
    await putSummary(writer, state);
    await writer.release();
    return true;
  } catch {
    return false; // the spool is still there
  }
}

const putSummary = (writer: FileRunWriter, state: RunState): Promise<void> =>
  writer.putSummary(summaryOf(state, { id: writer.runId, bytes: writer.bytes, wall: new Date().toISOString() }));
