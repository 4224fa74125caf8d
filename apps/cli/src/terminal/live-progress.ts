import { formatNs, plural, rowAt, type Ns } from '@observe/base';
import type { RunState } from '@observe/run';
import { createLogUpdate } from 'log-update';
import { eventLines } from '../report/event-lines.ts';
import { packageNamer, type PackageNamer } from '../report/names.ts';
import type { RunningTest, RunWatch } from '../report/run-watch.ts';
import { fit, safeText } from './text.ts';
import type { Progress } from './plain-progress.ts';
import type { Style } from './style.ts';

/** What stands above the status line at most: the run's own lines must stay in sight. */
const MAX_RUNNING = 8;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** The same lines, and under them what runs now, painted over at each `show`. `page`: its URL, once it is known. */
export function liveProgress(
  watch: RunWatch,
  screen: NodeJS.WriteStream,
  style: Style,
  page: () => string | undefined,
): Progress {
  const paint = createLogUpdate(screen);
  const above = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    paint.clear();
    screen.write(lines.join('\n') + '\n');
  };
  let frame = 0;
  /** What has no newline yet: only whole lines can stand above what is painted over. */
  let passed = Buffer.alloc(0);
  return {
    show(state, nowNs) {
      const nameOf = packageNamer(state);
      above(eventLines(state, watch.look(state), nameOf, style));
      const spinner = SPINNER[frame++ % SPINNER.length] ?? '';
      const lines = liveLines(watch, nowNs, nameOf, style, {
        columns: screen.columns,
        rows: screen.rows,
        spinner,
        page: page(),
      });
      paint(lines.join('\n'));
    },
    say(text) {
      above([text]);
    },
    pass(bytes) {
      passed = Buffer.concat([passed, bytes]);
      const end = passed.lastIndexOf('\n') + 1;
      if (end === 0) return;
      paint.clear();
      screen.write(passed.subarray(0, end));
      passed = passed.subarray(end);
    },
    end() {
      paint.clear();
      if (passed.length > 0) screen.write(Buffer.concat([passed, Buffer.from('\n')]));
      paint.done();
    },
  };
}

interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly spinner: string;
  readonly page: string | undefined;
}

/** What runs now, the longest first, and the status line. Pure. */
export function liveLines(
  watch: RunWatch,
  nowNs: Ns | undefined,
  nameOf: PackageNamer,
  style: Style,
  frame: Frame,
): string[] {
  const { columns, rows, spinner, page } = frame;
  const { state } = watch;
  if (state.quality.events === 0)
    return [`${style.cyan(spinner)} ${style.dim('waiting for the first line of go test -json')}`];
  const limit = Math.max(1, Math.min(MAX_RUNNING, rows - 4));
  const { tests, total, waiting } = watch.running(nowNs, limit);
  const lines = tests.map((running) => runningLine(state, running, nameOf, style, columns));
  const more = [
    total > tests.length ? `${(total - tests.length).toLocaleString('en-US')} more running` : '',
    waiting > 0 ? `${waiting.toLocaleString('en-US')} waiting in t.Parallel` : '',
  ].filter((text) => text !== '');
  if (more.length > 0) lines.push(style.dim(`          ${more.join(', ')}`));
  return ['', ...lines, statusLine(watch, nowNs, style, spinner, columns, page)];
}

function runningLine(
  state: RunState,
  { test, ageNs }: RunningTest,
  nameOf: PackageNamer,
  style: Style,
  columns: number,
): string {
  const pkg = rowAt(state.packages, test.package);
  const age = (ageNs === undefined ? '' : clock(ageNs)).padStart(8);
  const left = timeLeft(state, test.package, ageNs, test.startNs);
  const name = pkg === undefined ? '' : `${nameOf(pkg)} › `;
  const title = fit(name + safeText(test.name, false), columns - age.length - 4 - left.length);
  const shown = title.startsWith(name) ? style.dim(name) + title.slice(name.length) : title;
  return `${isLong(ageNs) ? style.yellow(age) : style.dim(age)}  ${shown}${style.yellow(left)}`;
}

const LONG_NS = 10e9;
const isLong = (ageNs: Ns | undefined): boolean => ageNs !== undefined && ageNs >= LONG_NS;

/** How long until `-timeout` kills the package, in the second half of its time. */
function timeLeft(state: RunState, packageRow: number, ageNs: Ns | undefined, startNs: Ns | undefined): string {
  const timeoutNs = state.host?.timeoutNs ?? 0;
  const packageStartNs = rowAt(state.packages, packageRow)?.startNs;
  if (timeoutNs === 0 || ageNs === undefined || startNs === undefined || packageStartNs === undefined) return '';
  const leftNs = timeoutNs - (startNs + ageNs - packageStartNs);
  return leftNs > timeoutNs / 2 ? '' : `  timeout in ${clock(Math.max(0, leftNs))}`;
}

function statusLine(
  watch: RunWatch,
  nowNs: Ns | undefined,
  style: Style,
  spinner: string,
  columns: number,
  page: string | undefined,
): string {
  const { counts, packages } = watch.state;
  const parts = [
    `${watch.packagesEnded}/${plural(packages.length, 'package')}`,
    style.green(`✓ ${counts.pass.toLocaleString('en-US')}`),
    counts.fail > 0 ? style.red(`✗ ${counts.fail.toLocaleString('en-US')}`) : '',
    counts.skip > 0 ? style.dim(`○ ${counts.skip.toLocaleString('en-US')}`) : '',
    counts.lost > 0 ? style.yellow(`? ${counts.lost.toLocaleString('en-US')}`) : '',
    nowNs === undefined ? '' : clock(nowNs),
  ].filter((part) => part !== '');
  const text = `${style.cyan(spinner)} ${parts.join('  ')}`;
  const plainLength = 2 + parts.reduce((sum, part) => sum + part.replace(/\x1b\[\d+m/g, '').length + 2, 0); // eslint-disable-line no-control-regex
  if (page === undefined || plainLength + page.length > columns) return text;
  return `${text}  ${style.link(style.dim(page), page)}`;
}

/** A time that ticks: in tenths of a second, so that its width stays. */
const clock = (ns: number): string => (ns < 59.95e9 ? `${(ns / 1e9).toFixed(1)}s` : formatNs(ns));
