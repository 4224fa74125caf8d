import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { collectorFile, PROTOCOL, type CollectorFile } from '@observe/protocol';
import { writeFileAtomically } from './atomic-file.ts';
import { storeError } from './errors.ts';
import { claimLease, type Lease } from './lease.ts';

export const collectorFilePath = (home: string): string => join(home, 'collector.json');

/** What the collector of this home says of itself; undefined when there is none, or the file is not one. It may be dead: ask it. */
export async function readCollectorFile(home: string): Promise<CollectorFile | undefined> {
  try {
    return collectorFile.safeParse(JSON.parse(await readFile(collectorFilePath(home), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Only the user may read it: it holds the token. */
export const writeCollectorFile = (home: string, file: CollectorFile): Promise<void> =>
  writeFileAtomically(collectorFilePath(home), JSON.stringify(file, undefined, 2) + '\n');

/** Removes the file if it still speaks of process `pid`. */
export async function removeCollectorFile(home: string, pid: number): Promise<void> {
  if ((await readCollectorFile(home))?.pid === pid) await rm(collectorFilePath(home), { force: true });
}

/**
 * The right to be this home's collector, one for each protocol: an older one may go on with its own runs while a new one begins.
 * StoreError `held`: there is one already.
 */
export async function claimCollector(home: string): Promise<Lease> {
  const dir = join(home, 'collector', `protocol-${PROTOCOL}`);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return await claimLease(dir, 'collector', 0);
  } catch (error) {
    throw storeError(error, dir, 'make');
  }
}
