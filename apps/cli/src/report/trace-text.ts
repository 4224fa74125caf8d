import { formatNs, formatWallTime, plural } from '@observe/base';
import { GO_STATE, type Frame, type TraceFault } from '@observe/gotrace';
import type { Style } from '../terminal/style.ts';
import { fit, pad, safeText, widthOf } from '../terminal/text.ts';
import type { LongestWaits, StartGroup, TraceAccount } from './trace-account.ts';

const MAX_STARTS = 15;
const MAX_WAITS = 8;
const MAX_FRAMES = 6;
const MAX_FAULTS = 10;
const MAX_NAME = 72;

export interface ShownTrace {
  /** Minor version of the header. */
  readonly version: number | undefined;
  readonly account: TraceAccount;
  readonly faults: readonly TraceFault[];
  readonly droppedFaults: number;
}

/** What a trace holds, for a person. Ends with a newline. */
export function traceText(trace: ShownTrace, style: Style): string {
  const { account } = trace;
  const blocks = [
    headLines(trace, style),
    account.goroutines === 0 ? [] : startLines(account.starts, style),
    account.goroutines === 0 ? [] : stateLines(account, style),
    waitLines(account.longestWaits(MAX_WAITS), style),
    faultLines(trace, style),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n') + '\n')
    .join('\n');
}

const number = (value: number): string => value.toLocaleString('en-US');

function headLines({ version, account }: ShownTrace, style: Style): string[] {
  const began = account.wall === undefined ? '' : `, began ${formatWallTime(account.wall)}`;
  const cut = account.cut === 0 ? '' : style.yellow(`, ${number(account.cut)} of them cut`);
  return [
    `${style.bold(`Go 1.${version ?? '?'} execution trace`)}, ${formatNs(account.durationNs)}${began}`,
    `${number(account.events)} events in ${plural(account.generations, 'generation')}${cut}; ${number(account.goroutines)} goroutines, ${number(account.created)} of them created in it, at most ${number(account.maxAlive)} alive at once`,
  ];
}

/** Columns of numbers to the right, the last column to the left. */
function table(title: readonly string[], rows: readonly (readonly string[])[], style: Style): string[] {
  const widths = title.map((text, i) => Math.max(widthOf(text), ...rows.map((row) => widthOf(row[i] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) =>
        i === title.length - 1 ? cell : ' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(cell))) + cell,
      )
      .join('  ')
      .trimEnd();
  return [style.dim(line(title)), ...rows.map(line)];
}

function startLines(starts: readonly StartGroup[], style: Style): string[] {
  const rows = starts
    .slice(0, MAX_STARTS)
    .map((group) => [
      number(group.count),
      group.alive === 0 ? '–' : number(group.alive),
      formatNs(group.runningNs),
      formatNs(group.runnableNs),
      formatNs(group.waitingNs),
      group.startFunc === '' ? style.dim('older than the trace') : fit(safeText(group.startFunc, false), MAX_NAME),
    ]);
  const more = starts.length - rows.length;
  return [
    ...table(['GOROUTINES', 'ALIVE', 'RUNNING', 'RUNNABLE', 'WAITING', 'STARTED WITH'], rows, style),
    ...(more > 0 ? [style.dim(`… and ${plural(more, 'other function')} (--json has all)`)] : []),
  ];
}

function stateLines(account: TraceAccount, style: Style): string[] {
  const rows = account.spent.map(({ state, reason, spentNs }) => [
    formatNs(spentNs),
    state === GO_STATE.waiting ? `waiting: ${reason || NO_REASON}` : (STATES[state] ?? ''),
  ]);
  return table(['TIME OF ALL', 'STATE'], rows, style);
}

const NO_REASON = 'since before the trace, which does not tell why';
const STATES: Readonly<Record<number, string>> = {
  [GO_STATE.runnable]: 'runnable: ready, no processor free',
  [GO_STATE.running]: 'running',
  [GO_STATE.syscall]: 'in a system call',
};

function waitLines({ groups, testing }: LongestWaits, style: Style): string[] {
  const own = `testing's own, for subtests and for a slot: ${plural(testing.count, 'wait')}, ${formatNs(testing.totalNs)} in all`;
  if (groups.length === 0 && testing.count === 0) return [];
  return [
    style.dim('LONGEST WAITS, by place'),
    ...groups.flatMap((wait) => {
      const often = wait.count === 1 ? '' : `, ${number(wait.count)} times, ${formatNs(wait.totalNs)} in all`;
      const open = wait.open === 0 ? '' : `, ${number(wait.open)} still waiting at the end`;
      const title = `${style.bold(formatNs(wait.longestNs))}  ${wait.reason || NO_REASON}`;
      return [`${title}  ${style.dim(`goroutine ${wait.goid}${often}${open}`)}`, ...frameLines(wait.frames, style)];
    }),
    ...(testing.count === 0 ? [] : [style.dim(own)]),
  ];
}

function frameLines(frames: readonly Frame[], style: Style): string[] {
  if (frames.length === 0) return [style.dim('    no stack')];
  const shown = frames.slice(0, MAX_FRAMES);
  const width = Math.max(...shown.map(({ func }) => Math.min(MAX_NAME, widthOf(func))));
  const lines = shown.map(({ func, file, line }) => {
    const place = `${safeText(file.slice(file.lastIndexOf('/') + 1), false)}:${line}`;
    return `    ${pad(fit(safeText(func, false), MAX_NAME), width)}  ${style.dim(place)}`;
  });
  const more = frames.length - shown.length;
  return more > 0 ? [...lines, style.dim(`    … ${plural(more, 'more frame')}`)] : lines;
}

function faultLines({ faults, droppedFaults }: ShownTrace, style: Style): string[] {
  if (faults.length === 0) return [];
  const more = faults.length - MAX_FAULTS + droppedFaults;
  return [
    style.yellow(`FAULTS: what was good is told above`),
    ...faults
      .slice(0, MAX_FAULTS)
      .map(({ kind, offset, message }) => `at byte ${number(offset)}: ${message} (${kind})`),
    ...(more > 0 ? [style.dim(`… and ${number(more)} more`)] : []),
  ];
}
