import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { snapshotOf, StoreError } from '@observe/store';
import { messageOf, Problem } from '../problem.ts';
import { openRuns } from '../runs/run-access.ts';
import type { World } from '../world.ts';

/** `observe snapshot RUN -o FILE.html`: the page with the run in it. The file is whole or not there. */
export async function snapshot(wanted: string, { output }: { output: string }, world: World): Promise<void> {
  if (!/\.html?$/i.test(output))
    throw new Problem(`-o ${output}: a snapshot is a page; give a name that ends in .html`);
  const runs = await openRuns(world.home);
  const run = await runs.fold((await runs.find(wanted)).id);
  const partial = `${output}.part`;
  try {
    const html = snapshotOf(world.snapshotPage, run.summary, run.records(), await run.traceFiles());
    await pipeline(Readable.from(html, { objectMode: false }), createWriteStream(partial));
    await rename(partial, output);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined); // a path below a file
    if (error instanceof StoreError) throw new Problem(error.message);
    throw new Problem(`${output} cannot be written: ${messageOf(error)}`);
  }
  world.stdout.write(`${output}\n`);
}
