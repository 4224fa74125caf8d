import { statSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { errnoOf, StoreError } from './errors.ts';
import { isAlive, thisProcess } from './process-id.ts';

/**
 * `lease-<fence>.json` beside a log says who writes it. Made exclusively, so two that claim at once get one winner; the highest
 * number counts, and is never used again, so that a writer from before a take-over sees that its own file is gone.
 */
const leaseFile = z.object({
  owner: z.string(),
  pid: z.int(),
  started: z.string().optional(),
  host: z.string(),
  isReleased: z.literal(true).optional(),
});
type LeaseFile = z.infer<typeof leaseFile>;

/** A process of another machine cannot be asked; its run is taken over when nothing was written for this long. */
const FOREIGN_STALE_MS = 10 * 60_000;
/** A file without content is being written, or its writer died at that. */
const EMPTY_STALE_MS = 5_000;

export interface Lease {
  readonly fence: number;
  /** Throws `fenced` once somebody else has claimed. */
  check(): void;
  release(): Promise<void>;
}

/** `lastWriteMs`: when the log was last written (epoch), 0 = never. */
export async function claimLease(dir: string, owner: string, lastWriteMs: number): Promise<Lease> {
  for (;;) {
    const fences = await fencesIn(dir);
    const last = fences.at(-1) ?? 0;
    const holder = last === 0 ? undefined : await holderOf(dir, last, lastWriteMs);
    if (holder !== undefined)
      throw new StoreError('held', dir, `${dir} is being written by ${holder}; wait for it to end, or stop it`);
    const fence = last + 1;
    const path = leasePath(dir, fence);
    const self = { owner, ...thisProcess(), host: hostname() } satisfies LeaseFile;
    try {
      await writeFile(path, JSON.stringify(self) + '\n', { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') continue; // somebody was faster: look who
      throw error;
    }
    await Promise.all(fences.map((f) => rm(leasePath(dir, f), { force: true })));
    return {
      fence,
      check() {
        if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
        throw new StoreError(
          'fenced',
          dir,
          `${dir} was taken over by another writer, or deleted; this one must not go on`,
        );
      },
      async release() {
        // Overwritten, not removed: the number stays taken. `r+` does not bring back the file of a run that was deleted.
        const text = JSON.stringify({ ...self, isReleased: true } satisfies LeaseFile) + '\n';
        await writeFile(path, text, { flag: 'r+' }).catch((error: unknown) => {
          if (errnoOf(error) !== 'ENOENT') throw error;
        });
      },
    };
  }
}

/** Who writes the log in `dir`, in words; undefined when nobody alive does. */
export async function leaseHolder(dir: string, lastWriteMs: number): Promise<string | undefined> {
  const last = (await fencesIn(dir)).at(-1);
  return last === undefined ? undefined : holderOf(dir, last, lastWriteMs);
}

const leasePath = (dir: string, fence: number): string => join(dir, `lease-${fence}.json`);

/** Ascending; empty when there is no such directory. */
async function fencesIn(dir: string): Promise<number[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const fences = names
    .map((name) => /^lease-(\d{1,15})\.json$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined);
  return fences.map(Number).sort((a, b) => a - b);
}

async function holderOf(dir: string, fence: number, lastWriteMs: number): Promise<string | undefined> {
  const path = leasePath(dir, fence);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined; // gone since we looked
  }
  const lease = parseLease(text);
  if (lease?.isReleased === true) return undefined;
  const madeMs = (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
  if (lease === undefined) return Date.now() - madeMs < EMPTY_STALE_MS ? 'a process that begins just now' : undefined;
  const isHeld =
    lease.host === hostname() ? isAlive(lease) : Date.now() - Math.max(madeMs, lastWriteMs) < FOREIGN_STALE_MS;
  return isHeld ? `${lease.owner} (process ${lease.pid} on ${lease.host})` : undefined;
}

function parseLease(text: string): LeaseFile | undefined {
  try {
    return leaseFile.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
