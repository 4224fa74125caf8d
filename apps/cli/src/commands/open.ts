import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openInBrowser, urlForBrowser } from '../collector/browser.ts';
import { ensureCollector } from '../collector/start.ts';
import { openRuns } from '../runs/run-access.ts';
import { Problem } from '../problem.ts';
import type { World } from '../world.ts';

/** `observe open RUN|FILE`: prints the URL, and shows it in the browser unless `isPrintOnly`. */
export async function openPage(target: string, { isPrintOnly }: { isPrintOnly: boolean }, world: World): Promise<void> {
  const url = existsSync(target) ? fileUrl(target) : await runUrl(target, world);
  world.stdout.write(`${url}\n`);
  if (!isPrintOnly) await openInBrowser(url);
}

/** Snapshots are pages of their own. */
function fileUrl(path: string): string {
  if (/\.html?$/i.test(path)) return pathToFileURL(resolve(path)).href;
  throw new Problem(`${path} is no snapshot page (.html); make a run of it first: observe import ${path}`);
}

async function runUrl(wanted: string, world: World): Promise<string> {
  const collector = await ensureCollector(world.home, world.collectorProgram);
  const { id } = await (await openRuns(world.home)).find(wanted);
  return urlForBrowser(collector, `${collector.url}/runs/${id}`);
}
