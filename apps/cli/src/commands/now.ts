import { formatNs } from '@observe/base';
import type { RunSummary } from '@observe/protocol';
import type { NowAnswer, NowTest } from '@observe/query';
import { asJson, openRuns } from '../runs/run-access.ts';
import type { Style } from '../terminal/style.ts';
import { fit, safeText } from '../terminal/text.ts';
import type { World } from '../world.ts';

export interface NowOptions {
  readonly isJson: boolean;
  /** Goes on until Ctrl-C. */
  readonly isWatching: boolean;
}

const WATCH_MS = 500;
const WAITING: ReadonlySet<string> = new Set(['paused', 'queued', 'waiting']);

/** `observe now` */
export async function now({ isJson, isWatching }: NowOptions, world: World): Promise<void> {
  if (isWatching && world.stdout.isTTY) return watch(world);
  const live = await look(world.home);
  if (isJson)
    world.stdout.write(
      asJson({
        runs: live.map(({ run: { name }, answer: { run, nowNs, running } }) => ({ run, name, nowNs, running })),
      }),
    );
  else if (live.length === 0) world.stderr.write('nothing runs right now\n');
  else world.stdout.write(nowText(live, world.out, world.stdout.columns ?? 120, Infinity));
}

interface Live {
  readonly run: RunSummary;
  readonly answer: NowAnswer;
}

async function look(home: string): Promise<Live[]> {
  const runs = await openRuns(home);
  const live = (await runs.list()).filter(({ verdict }) => verdict === 'running');
  return Promise.all(live.map(async (run) => ({ run, answer: await runs.now(run.id) })));
}

async function watch({ home, stdout, out }: World): Promise<void> {
  const { createLogUpdate } = await import('log-update');
  const paint = createLogUpdate(stdout);
  for (;;) {
    const live = await look(home);
    const text =
      live.length === 0 ? out.dim('nothing runs right now') : nowText(live, out, stdout.columns, stdout.rows - 2);
    paint(text.trimEnd());
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  }
}

/** Each live run with its tests, the longest first, `rows` lines at most. Ends with a newline. */
export function nowText(live: readonly Live[], style: Style, columns: number, rows: number): string {
  const each = Math.max(3, Math.floor(rows / live.length) - 3);
  return live.map((one) => runText(one, style, columns, each)).join('\n');
}

function runText({ run, answer }: Live, style: Style, columns: number, rows: number): string {
  const active = answer.running.filter(({ phase }) => !WAITING.has(phase));
  const waiting = answer.running.filter(({ phase }) => phase === 'paused' || phase === 'queued').length;
  const elapsed = answer.nowNs === null ? '' : `  ${formatNs(answer.nowNs)}`;
  const notes = [
    active.length > rows ? `${active.length - rows} more running` : '',
    waiting > 0 ? `${waiting} waiting in t.Parallel` : '',
  ].filter((note) => note !== '');
  return [
    `${style.bold(run.id)}  ${safeText(run.name, false)}${style.dim(elapsed)}`,
    ...active.slice(0, rows).flatMap((test) => testLines(test, style, columns)),
    ...(active.length === 0 ? [style.dim('          no test is running')] : []),
    ...(notes.length === 0 ? [] : [style.dim(`          ${notes.join(', ')}`)]),
    '',
  ].join('\n');
}

function testLines(
  { package: pkg, test, occurrence, phase, ageNs, lastLine }: NowTest,
  style: Style,
  columns: number,
): string[] {
  const age = formatNs(ageNs ?? undefined).padStart(8);
  const notes = [occurrence > 1 ? `run ${occurrence}` : '', phase === 'running' ? '' : phase].filter(
    (note) => note !== '',
  );
  const name = fit(`${safeText(pkg, false)} › ${safeText(test, false)}`, columns - 12);
  const note = notes.length === 0 ? '' : style.dim(`  ${notes.join(', ')}`);
  const said =
    lastLine === undefined || lastLine.startsWith('=== ') ? '' : fit(safeText(lastLine.trim(), false), columns - 12);
  return [`${style.dim(age)}  ${name}${note}`, ...(said === '' ? [] : [`          ${style.dim(said)}`])];
}
