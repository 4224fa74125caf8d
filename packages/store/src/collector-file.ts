import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { collectorFile, type CollectorFile } from '@observe/protocol';
import { writeFileAtomically } from './atomic-file.ts';

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
