import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactFiles } from './artifact-files.ts';
import { errnoOf, storeError } from './errors.ts';
import { isRunId, runsDir } from './home.ts';
import type { RunStore } from './run-store.ts';

/** What the artifacts of all runs of a home may take. */
export const KEPT_ARTIFACT_BYTES = 5 * 1024 ** 3;

/**
 * Deletes artifacts until those of all runs take at most `limitBytes`: of the oldest run first, and there the largest. Logs stay, and so
 * does what belongs to a run that somebody writes. Returns how many are gone. StoreErrors as those of the store.
 */
export async function trimArtifacts(
  home: string,
  store: Pick<RunStore, 'isHeld'>,
  limitBytes = KEPT_ARTIFACT_BYTES,
): Promise<number> {
  const runs = runsDir(home);
  const names = await readdir(runs).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw storeError(error, runs, 'list');
  });
  const kept: { readonly id: string; readonly files: ArtifactFiles; readonly sizes: ReadonlyMap<string, number> }[] =
    [];
  let total = 0;
  // A run's id begins with its time.
  for (const id of names.filter(isRunId).sort()) {
    const files = new ArtifactFiles(join(runs, id));
    const sizes = await files.sizes();
    if (sizes.size > 0) kept.push({ id, files, sizes });
    for (const bytes of sizes.values()) total += bytes;
  }
  let deleted = 0;
  for (const { id, files, sizes } of kept) {
    if (total <= limitBytes) break;
    if (await store.isHeld(id)) continue;
    for (const [artifact, bytes] of [...sizes].sort((a, b) => b[1] - a[1])) {
      if (total <= limitBytes) break;
      await rm(files.pathOf(artifact), { force: true });
      total -= bytes;
      deleted++;
    }
  }
  return deleted;
}
