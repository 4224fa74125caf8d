import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, processOf } from '@observe/store';
import { captureDir, looseDir } from './wrapper.ts';

/** What a process that is gone has left, and no run has taken by now, none will. */
const UNCLAIMED_MS = 3_600_000;
/** A pid that lives may be another's by now. */
const FORGOTTEN_MS = 7 * 24 * 3_600_000;
/** Looked at in one go. */
const MAX_ENTRIES = 10_000;

/** Takes away what captures that died, or were never read, have left behind. Never rejects: what stays is looked at next time. */
export async function sweep(home: string): Promise<void> {
  for (const dir of [captureDir(home), looseDir(home)]) {
    const names = await readdir(dir).catch(() => []);
    for (const name of names.slice(0, MAX_ENTRIES)) {
      const pid = /^(?:test-(\d{1,10})-[0-9a-f]+|(\d{1,10})\.[a-z]+)$/.exec(name);
      if (pid === null) continue;
      const path = join(dir, name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) continue;
      const ageMs = Date.now() - found.mtimeMs;
      const limitMs = isAlive(processOf(Number(pid[1] ?? pid[2]))) ? FORGOTTEN_MS : UNCLAIMED_MS;
      if (ageMs > limitMs) await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
