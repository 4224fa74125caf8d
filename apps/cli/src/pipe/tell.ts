import { plural } from '@observe/base';
import type { Verdict } from '@observe/protocol';
import { readOutput, type LogSource } from '@observe/query';
import type { RunState } from '@observe/run';
import { EXIT, messageOf } from '../problem.ts';
import type { Style } from '../terminal/style.ts';
import { safeText } from '../terminal/text.ts';
import type { Kept } from './place.ts';
import type { Delivery } from './recording.ts';

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
  if (lines.some(isBinary)) return `read ${read} of binary data. Run: go test -json ./... | observe`;
  const advice = isPlain ? 'this looks like go test without -json' : 'none of it is an event of go test -json';
  const quote = lines.slice(0, MAX_QUOTED).map((line) => `  | ${safeText(line, false).slice(0, MAX_QUOTE)}`);
  const more = state.quality.strays > quote.length ? ['  | …'] : [];
  return [`read ${read}, but ${advice}. Run: go test -json ./... | observe`, ...quote, ...more].join('\n');
}

/** Not to be shown to anybody. */
const isBinary = (line: string): boolean => /[\0\ufffd]/.test(line);

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
export function troubles({ kept, fault }: Delivery): string[] {
  const said: string[] = [];
  const why = fault === undefined ? '' : ` (${fault})`;
  if (kept.kind === 'nowhere') return [`the run is not kept${why}`];
  if (kept.kind === 'spool') {
    said.push(
      `the collector did not take the whole run${why}; it waits in ${kept.path} for the next one: observe serve`,
    );
  } else if (kept.kind === 'store' && fault !== undefined) {
    said.push(`no collector took the run${why}; it is kept here, without a live page`);
  }
  if (kept.lostLines > 0) {
    said.push(`the last ${plural(kept.lostLines, 'line')} could not be kept; what is told above counts them all`);
  }
  return said;
}
