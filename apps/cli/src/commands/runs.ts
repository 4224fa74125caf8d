import { formatNs } from '@observe/base';
import type { RunSummary, Verdict } from '@observe/protocol';
import { asJson, openRuns } from '../runs/run-access.ts';
import type { Style } from '../terminal/style.ts';
import { fit, pad, safeText, widthOf } from '../terminal/text.ts';
import type { World } from '../world.ts';

/** `observe runs` */
export async function listRuns({ isJson }: { isJson: boolean }, world: World): Promise<void> {
  const runs = await (await openRuns(world.home)).list();
  if (isJson) world.stdout.write(asJson({ runs }));
  else if (runs.length === 0) world.stderr.write('no runs yet; make one: go test -json ./... | observe\n');
  else world.stdout.write(runsTable(runs, world.out, Date.now()));
}

const MAX_NAME = 40;

/** A table of runs, one a line. `nowMs`: since 1970. Ends with a newline. */
export function runsTable(runs: readonly RunSummary[], style: Style, nowMs: number): string {
  const rows = runs.map((run) => [
    run.id,
    WORDS[run.verdict],
    testsOf(run),
    formatNs(run.elapsedNs ?? undefined),
    ageOf(run.startedAt, nowMs),
    fit(safeText(run.name, false), MAX_NAME),
    safeText([run.gitBranch, run.gitRevision?.slice(0, 8)].filter((it) => it !== undefined).join(' '), false),
  ]);
  const head = ['RUN', 'VERDICT', 'TESTS', 'ELAPSED', 'STARTED', 'NAME', 'BRANCH'];
  const widths = head.map((title, i) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[i] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cell, widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = rows.map((row, i) => {
    const verdict = runs[i]?.verdict ?? 'running';
    const [id = '', word = '', ...rest] = row.map((cell, c) =>
      c === row.length - 1 ? cell : pad(cell, widths[c] ?? 0),
    );
    return [id, TONES[verdict](style)(word), ...rest].join('  ').trimEnd();
  });
  return [style.dim(line(head)), ...lines].join('\n') + '\n';
}

const WORDS: Readonly<Record<Verdict, string>> = {
  passed: '✓ passed',
  failed: '✗ failed',
  running: '● running',
  interrupted: '! interrupted',
  lost: '? lost',
};

const TONES: Readonly<Record<Verdict, (style: Style) => (text: string) => string>> = {
  passed: (style) => style.green,
  failed: (style) => style.red,
  running: (style) => style.cyan,
  interrupted: (style) => style.yellow,
  lost: (style) => style.yellow,
};

function testsOf({ counts }: RunSummary): string {
  const { pass, fail, skip, running, lost, neverStarted } = counts;
  const total = pass + fail + skip + running + lost + neverStarted;
  const bad = [fail > 0 ? `${fail} failed` : '', lost + neverStarted > 0 ? `${lost + neverStarted} lost` : ''];
  return [total.toLocaleString('en-US'), ...bad.filter((it) => it !== '')].join(', ');
}

/** `3 min ago`; a date when it is long ago. */
export function ageOf(startedAt: string, nowMs: number): string {
  const startMs = Date.parse(startedAt);
  if (Number.isNaN(startMs)) return '–';
  const s = Math.max(0, Math.round((nowMs - startMs) / 1000));
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ago`;
  return s < 30 * 86_400 ? `${Math.floor(s / 86_400)} d ago` : startedAt.slice(0, 10);
}
