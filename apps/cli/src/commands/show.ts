import type { RunSummary } from '@observe/protocol';
import { summarise } from '../report/summary.ts';
import { summaryText } from '../report/summary-text.ts';
import { openRuns } from '../runs/run-access.ts';
import type { Style } from '../terminal/style.ts';
import { safeText } from '../terminal/text.ts';
import type { World } from '../world.ts';
import { ageOf } from './runs.ts';

/** `observe show RUN` */
export async function show(wanted: string, { isJson }: { isJson: boolean }, world: World): Promise<void> {
  const runs = await openRuns(world.home);
  const { id, verdict } = await runs.find(wanted);
  if (isJson) {
    world.stdout.write(`${JSON.stringify(await runs.show(id), undefined, 2)}\n`);
    return;
  }
  const run = await runs.fold(id);
  const summary = await summarise(run.state, run.log);
  world.stdout.write(headText({ ...run.summary, verdict }, world.out, Date.now()) + summaryText(summary, world.out));
}

function headText(run: RunSummary, style: Style, nowMs: number): string {
  const facts = [
    `started ${ageOf(run.startedAt, nowMs)}`,
    run.goVersion,
    run.gitBranch,
    run.gitRevision === undefined
      ? undefined
      : run.gitRevision.slice(0, 8) + (run.isGitDirty === true ? ' with changes' : ''),
    run.hostname,
    run.importedFrom === undefined ? undefined : `from ${run.importedFrom}`,
  ].filter((fact) => fact !== undefined);
  return `${style.bold(run.id)}  ${safeText(run.name, false)}\n${style.dim(safeText(facts.join(' · '), false))}\n`;
}
