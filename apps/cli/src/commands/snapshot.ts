import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { request } from '../collector/api.ts';
import { ensureCollector } from '../collector/start.ts';
import { messageOf, Problem } from '../problem.ts';
import { openRuns } from '../runs/run-access.ts';
import type { World } from '../world.ts';

/** `observe snapshot RUN -o FILE.html`: the page with the run in it. The file is whole or not there. */
export async function snapshot(wanted: string, { output }: { output: string }, world: World): Promise<void> {
  if (!/\.html?$/i.test(output))
    throw new Problem(`-o ${output}: a snapshot is a page; give a name that ends in .html`);
  const collector = await ensureCollector(world.home, world.collectorProgram);
  const { id } = await (await openRuns(world.home)).find(wanted);
  const { body } = await request(collector, 'GET', `/api/runs/${id}/snapshot`);
  if (body === null) throw new Problem(`the collector at ${collector.url} sent no snapshot of ${id}`);
  const partial = `${output}.part`;
  try {
    await pipeline(Readable.fromWeb(body), createWriteStream(partial));
    await rename(partial, output);
  } catch (error) {
    await rm(partial, { force: true });
    throw new Problem(`${output} cannot be written: ${messageOf(error)}`);
  }
  world.stdout.write(`${output}\n`);
}
