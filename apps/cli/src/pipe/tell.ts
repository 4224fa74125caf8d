import { plural } from '@observe/base';
import type { Verdict } from '@observe/protocol';
import { readOutput, type LogSource } from '@observe/query';
import type { RunState } from '@observe/run';
import { EXIT, messageOf } from '../problem.ts';
import type { Style } from '../terminal/style.ts';
import { safeText } from '../terminal/text.ts';
import type { KeptLog } from './kept-log.ts';
import type { Kept } from './place.ts';

/** 0 passed, 1 failed or lost, 130 interrupted. A run that is over is never `running`. */
export const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  passed: EXIT.ok,
  failed: EXIT.failed,
  lost: EXIT.failed,
  running: EXIT.failed,
  interrupted: EXIT.interrupted,
};

/** The input ended before its first byte. */
export const nothingToRead = (fault: unknown): string =>
  fault === undefined
    ? 'nothing to read: stdin was empty. Pipe a run into it: go test -json ./... | observe'
    : `stdin cannot be read: ${messageOf(fault)}. Pipe a run into it: go test -json ./... | observe`;

const MAX_QUOTED = 10;
const MAX_QUOTE = 200;

/** The first lines that are no events. */
export async function firstStrays(state: RunState, log: LogSource): Promise<string[]> {
  const { lines } = await readOutput(state, log, { kind: 'strays' }, { from: 0, limit: MAX_QUOTED });
  return lines.map(({ text }) => text);
}

/** The input had lines, but none of them is an event. `lines`: the first of them. */
export function noEvents(state: RunState, lines: readonly string[]): string {
  const read = plural(state.quality.strays, 'line');
  const isPlain = lines.some((line) => /^(ok {2}|FAIL|\? {3})\t|^(=== RUN|--- (PASS|FAIL|SKIP):) |^PASS$/.test(line));
  const advice = isPlain ? 'this looks like go test without -json' : 'none of it is an event of go test -json';
  const quote = lines.slice(0, MAX_QUOTED).map((line) => `  | ${safeText(line, false).slice(0, MAX_QUOTE)}`);
  const more = state.quality.strays > quote.length ? ['  | …'] : [];
  return [`read ${read}, but ${advice}. Run: go test -json ./... | observe`, ...quote, ...more].join('\n');
}

/** The last line on a run: where to look at it. */
export function whereabouts(
  runId: string,
  kept: Kept,
  page: { text: string; url: string } | undefined,
  style: Style,
): string {
  if (page !== undefined) return `${style.dim('     Page')}  ${style.link(page.text, page.url)}\n`;
  return kept.kind === 'store' ? `${style.dim('      Run')}  ${runId} ${style.dim(`(observe show ${runId})`)}\n` : '';
}

/** What could not be kept, and where what was kept waits; nothing when all is well. */
export function troubles(kept: Kept, log: KeptLog): string[] {
  const said: string[] = [];
  if (log.notKept > 0) {
    said.push(`${plural(log.notKept, 'line')} could not be kept anywhere; everything above counts them all`);
  }
  if (kept.kind === 'spool') {
    said.push(`the collector did not take the whole run; it waits in ${kept.path} for the next one (observe serve)`);
  } else if (kept.kind === 'nowhere') {
    said.push('the run is not kept');
  }
  return said;
}
