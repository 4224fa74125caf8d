import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ARTIFACTS_NAME, ArtifactFiles } from './artifact-files.ts';
import { errnoOf, storeError } from './errors.ts';
import { isRunId, runsDir } from './home.ts';
import type { RunStore } from './run-store.ts';

/** What the artifacts of all runs of a home may take. */
export const KEPT_ARTIFACT_BYTES = 5 * 1024 ** 3;

/**
 * Deletes the artifacts of the oldest runs until those of all take at most `limitBytes`. Logs stay, and so do the artifacts of the
 * newest run and of those that somebody writes. Returns the ids of the runs that lost theirs. StoreErrors as those of the store.
 */
export async function trimArtifacts(
  home: string,
  store: Pick<RunStore, 'isHeld'>,
  limitBytes = KEPT_ARTIFACT_BYTES,
): Promise<readonly string[]> {
  const runs = runsDir(home);
  const names = await readdir(runs).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw storeError(error, runs, 'list');
  });
  // A run's id begins with its time.
  const ids = names.filter(isRunId).sort();
  const taken = new Map<string, number>();
  let total = 0;
  for (const id of ids) {
    let bytes = 0;
    for (const size of (await new ArtifactFiles(join(runs, id)).sizes()).values()) bytes += size;
    if (bytes > 0) taken.set(id, bytes);
    total += bytes;
  }
  const trimmed: string[] = [];
  for (const [id, bytes] of taken) {
    if (total <= limitBytes || id === ids.at(-1)) break;
    if (await store.isHeld(id)) continue;
    await rm(join(runs, id, ARTIFACTS_NAME), { recursive: true, force: true });
    total -= bytes;
    trimmed.push(id);
  }
  return trimmed;
}
