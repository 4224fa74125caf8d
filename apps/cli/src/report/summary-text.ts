import { formatNs, iterateRows, plural, rowAt } from '@observe/base';
import type { OutputLine, Verdict } from '@observe/protocol';
import { qualityOf } from '@observe/query';
import { verdictOf, wallNsOf, type BuildState, type LostKind, type RunState, type TestState } from '@observe/run';
import type { Style, Tone } from '../terminal/style.ts';
import { safeText } from '../terminal/text.ts';
import { BUILD_STEPS, testTitle } from './event-lines.ts';
import { packageNamer, type PackageNamer } from './names.ts';
import type { Autopsy } from './autopsy.ts';
import type { Bounded, Death, Excerpt, Summary } from './summary.ts';

const WHY_LOST: Readonly<Record<LostKind, string>> = {
  timeout: 'killed by its timeout',
  panic: 'the process panicked',
  fatal: 'the Go runtime gave up',
  exit: 'the process exited',
  killed: 'the process was killed',
  interrupted: 'interrupted',
  'stream-ended': 'the stream ended first',
  'package-ended': 'the package ended first, and its output does not say why',
};

/** The end of a run for a person: what went wrong, then what is worth knowing, the numbers last. Ends with a newline. */
export function summaryText(summary: Summary, style: Style): string {
  const { state } = summary;
  const nameOf = packageNamer(state);
  const blocks = [
    ...summary.builds.map((broken) => buildBlock(state, broken, nameOf, style)),
    ...summary.failures.shown.map((failure) => failureBlock(state, failure, nameOf, style)),
    moreBlock(summary.failures, 'failed test', style),
    ...summary.packages.map(({ pkg, output }) => [
      `${style.badge('FAIL', 'bad')} ${style.bold(nameOf(pkg))}  ${style.dim('the package failed, though none of its tests did')}`,
      ...outputLines(output, style),
    ]),
    ...summary.deaths.map((death) => deathBlock(state, death, nameOf, style)),
    ...summary.races.shown.map(({ pkg, race }) => [
      `${style.badge('RACE', 'bad')} ${style.bold(nameOf(pkg))}`,
      ...race.accesses.map((access) => `    ${safeText(access, false)}`),
    ]),
    moreBlock(summary.races, 'data race', style),
    skippedBlock(summary, nameOf, style),
    slowestBlock(summary, nameOf, style),
    notesBlock(summary, style),
    totalsBlock(state, style),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => `\n${block.join('\n')}\n`)
    .join('');
}

function buildBlock(
  state: RunState,
  { build, output }: { build: BuildState; output: Excerpt },
  nameOf: PackageNamer,
  style: Style,
): string[] {
  const broken = build.packages.flatMap((row) => {
    const pkg = rowAt(state.packages, row);
    return pkg === undefined ? [] : [nameOf(pkg)];
  });
  const isItself = broken.length === 1 && build.importPath.startsWith(broken[0] ?? '');
  const breaks = broken.length === 0 || isItself ? '' : `  breaks ${listOf(broken)}`;
  const step = BUILD_STEPS[build.kind].toUpperCase();
  return [
    `${style.badge(step, 'bad')} ${style.bold(safeText(build.importPath, false))}${style.dim(breaks)}`,
    ...outputLines(output, style),
  ];
}

function failureBlock(
  state: RunState,
  { test, output }: { test: TestState; output: Excerpt | undefined },
  nameOf: PackageNamer,
  style: Style,
): string[] {
  const notes = [formatNs(wallNsOf(state, test)), ...test.repaired.flatMap((id) => REPAIR_NOTES[id] ?? [])];
  const title = `${style.badge('FAIL', 'bad')} ${testTitle(state, test, nameOf, style)}  ${style.dim(notes.join(' · '))}`;
  return [title, ...(output === undefined ? [] : outputLines(output, style))];
}

/** Repairs that make a result less than Go's word. The others change times or places only: the page tells them. */
const REPAIR_NOTES: Readonly<Record<string, string>> = {
  'read-from-text': 'result read from its output',
  'wrong-pass': 'Go said pass, but the process died',
  'forged-frame': 'perhaps not a test: its name came out of printed text',
};

function deathBlock(state: RunState, death: Death, nameOf: PackageNamer, style: Style): string[] {
  const { pkg, autopsy, output, lost, neverStarted } = death;
  const first = lost.shown[0]?.test ?? neverStarted.shown[0];
  const kind = pkg.crash?.kind ?? first?.lost?.kind ?? 'stream-ended';
  const after = pkg.elapsedNs === undefined ? '' : ` after ${formatNs(pkg.elapsedNs)}`;
  const never = style.dim('never started: waited in t.Parallel');
  const badge = pkg.outcome === 'lost' ? style.badge('LOST', 'doubtful') : style.badge('DIED', 'bad');
  return [
    `${badge} ${style.bold(nameOf(pkg))}  ${style.dim(WHY_LOST[kind] + after)}`,
    ...lost.shown.flatMap(({ test, output: said }) => [
      `  ${style.yellow('?')} ${safeText(test.name, false)}  ${style.dim(lostNote(state, test))}`,
      ...outputLines(said, style),
    ]),
    ...moreBlock(lost, 'lost test', style),
    ...neverStarted.shown.map((test) => `  ${style.dim('·')} ${safeText(test.name, false)}  ${never}`),
    ...moreBlock(neverStarted, 'test that never started', style),
    ...(autopsy === undefined ? outputLines(output, style) : autopsyLines(autopsy, style)),
  ];
}

function autopsyLines({ head, culprit, stands, stack }: Autopsy, style: Style): string[] {
  const safe = (text: string): string => safeText(text, false).replaceAll('\t', '  ');
  return [
    ...head.map((line, i) => `    ${i === 0 ? style.red(safe(line)) : safe(line)}`),
    ...stack.map((line) => `      ${safe(line)}`),
    ...(culprit === undefined ? [] : [`    ${style.yellow(`in a goroutine of ${safe(culprit)}`)}`]),
    ...(stands.length === 0
      ? []
      : [
          style.dim(stack.length === 0 ? '    where they stood:' : '    where others stood:'),
          ...stands.map((line) => `      ${safe(line)}`),
        ]),
  ];
}

function lostNote(state: RunState, test: TestState): string {
  const ranNs = wallNsOf(state, test);
  return ranNs === undefined ? 'began, and has no end' : `ran ${formatNs(ranNs)}, and has no end`;
}

function skippedBlock({ state, skipped }: Summary, nameOf: PackageNamer, style: Style): string[] {
  if (skipped.total === 0) return [];
  return [
    style.bold('Skipped'),
    ...skipped.shown.map(({ test, reason }) => {
      const why = reason === undefined ? '' : `  ${style.dim(safeText(reason, false))}`;
      return `  ${style.dim('○')} ${testTitle(state, test, nameOf, style)}${why}`;
    }),
    ...moreBlock(skipped, 'skipped test', style),
  ];
}

function slowestBlock({ state, slowest }: Summary, nameOf: PackageNamer, style: Style): string[] {
  if (slowest.length === 0) return [];
  return [
    style.bold('Slowest'),
    ...slowest.map(
      ({ test, activeNs }) => `${formatNs(activeNs).padStart(8)}  ${testTitle(state, test, nameOf, style)}`,
    ),
  ];
}

/** What would make the next run tell more, and what the mark beside some lines means. */
function notesBlock({ state, failures }: Summary, style: Style): string[] {
  const isMarked = failures.shown.some(({ output }) =>
    [...(output?.head ?? []), ...(output?.tail ?? [])].some(isUncertain),
  );
  return [
    ...(isMarked
      ? ['~ printed while several tests ran: go test may name the wrong one (t.Log lines are certain)']
      : []),
    ...qualityOf(state).map(({ detail }) => `! ${safeText(detail, false)}`),
  ].map((line) => style.dim(line));
}

const isUncertain = (line: OutputLine): boolean => line.grade === 'uncertain';

const LABEL_COLUMNS = 9;
function totalsBlock(state: RunState, style: Style): string[] {
  const { counts, packages } = state;
  const outcomes = { pass: 0, fail: 0, skip: 0, lost: 0, running: 0 };
  for (const pkg of iterateRows(packages)) outcomes[pkg.outcome]++;
  const row = (label: string, text: string): string => `${style.dim(label.padStart(LABEL_COLUMNS))}  ${text}`;
  const [word, tone] = VERDICTS[verdictOf(state)];
  const tests = counts.pass + counts.fail + counts.skip + counts.running + counts.lost + counts.neverStarted;
  return [
    row(
      'Packages',
      tally(outcomes.fail, outcomes.lost, 0, outcomes.pass, outcomes.skip, 'without tests', packages.length, style),
    ),
    row(
      'Tests',
      tally(counts.fail, counts.lost, counts.neverStarted, counts.pass, counts.skip, 'skipped', tests, style),
    ),
    row('Elapsed', formatNs(state.lastNs)),
    row('Verdict', style.badge(word, tone)),
  ];
}

const VERDICTS: Readonly<Record<Verdict, readonly [string, Tone]>> = {
  passed: ['PASSED', 'good'],
  failed: ['FAILED', 'bad'],
  running: ['RUNNING', 'doubtful'],
  interrupted: ['INTERRUPTED', 'doubtful'],
  lost: ['LOST: the stream ended before the tests did', 'doubtful'],
};

function tally(
  failed: number,
  lost: number,
  neverStarted: number,
  passed: number,
  others: number,
  other: string,
  total: number,
  style: Style,
): string {
  const count = (n: number): string => n.toLocaleString('en-US');
  const parts = [
    failed > 0 ? style.red(`${count(failed)} failed`) : '',
    lost > 0 ? style.yellow(`${count(lost)} lost`) : '',
    neverStarted > 0 ? style.yellow(`${count(neverStarted)} never started`) : '',
    passed > 0 ? style.green(`${count(passed)} passed`) : '',
    others > 0 ? style.dim(`${count(others)} ${other}`) : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'none' : parts.join(style.dim(', ')) + style.dim(` of ${count(total)}`);
}

function outputLines({ head, omitted, tail }: Excerpt, style: Style): string[] {
  const lines = [...head, ...tail];
  const indent = Math.min(...lines.filter(({ text }) => text.trim() !== '').map(({ text }) => text.search(/\S/)));
  const shown = (line: OutputLine): string => {
    const text = safeText(line.text.slice(Number.isFinite(indent) ? indent : 0), style.isColor);
    return `${isUncertain(line) ? style.dim('  ~ ') : '    '}${line.kind === 'error' ? style.red(text) : text}`.trimEnd();
  };
  const more = omitted > 0 ? [style.dim(`    … ${plural(omitted, 'line')} more …`)] : [];
  return [...folded(head.map(shown), style), ...more, ...folded(tail.map(shown), style)];
}

/** A line that comes again and again is shown once, with how often. */
function folded(lines: readonly string[], style: Style): string[] {
  const out: string[] = [];
  for (let i = 0; i < lines.length;) {
    const line = lines[i] ?? '';
    let end = i + 1;
    while (end < lines.length && lines[end] === line) end++;
    out.push(end - i > 1 ? `${line}  ${style.dim(`× ${end - i}`)}` : line);
    i = end;
  }
  return out;
}

function moreBlock({ shown, total }: Bounded<unknown>, what: string, style: Style): string[] {
  return total > shown.length ? [style.dim(`  … and ${plural(total - shown.length, `more ${what}`)}`)] : [];
}

/** `a, b and 3 more`. */
function listOf(names: readonly string[]): string {
  const [shown, rest] = [names.slice(0, 5), names.length - 5];
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
