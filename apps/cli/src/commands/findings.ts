import type { DetectorOutcome, Finding } from '@observe/protocol';
import { findIn } from '../runs/find.ts';
import { asJson, openRuns } from '../runs/run-access.ts';
import type { Style } from '../terminal/style.ts';
import { safeText } from '../terminal/text.ts';
import type { World } from '../world.ts';

/** Tests that are named beside a finding; its text says how many there are. */
const MAX_TESTS = 5;

/** `observe findings RUN` */
export async function findings(wanted: string, { isJson }: { isJson: boolean }, world: World): Promise<void> {
  const runs = await openRuns(world.home);
  const { id } = await runs.find(wanted);
  const outcomes = await findIn(await runs.fold(id));
  world.stdout.write(isJson ? asJson({ run: id, outcomes }) : findingsText(outcomes, world.out));
}

const SEVERITIES = ['error', 'warning', 'info'] as const;
const CONFIDENCES = ['certain', 'likely', 'possible'] as const;

/** The gravest and surest first; then what could not be looked at, and why. */
export function findingsText(outcomes: readonly DetectorOutcome[], style: Style): string {
  const all = outcomes.flatMap(({ detector, findings: found }) => found.map((finding) => ({ detector, finding })));
  const rank = ({ severity, confidence }: Finding): number =>
    SEVERITIES.indexOf(severity) * CONFIDENCES.length + CONFIDENCES.indexOf(confidence);
  all.sort((a, b) => rank(a.finding) - rank(b.finding));
  const texts = all.map(({ detector, finding }) => findingText(detector, finding, style));
  const ran = outcomes.filter(({ outcome }) => outcome === 'ran').length;
  const rest = outcomes.filter(({ outcome }) => outcome !== 'ran');
  const byWhy = new Map<string, string[]>();
  for (const { detector, outcome, why = '' } of rest) {
    const key = `${outcome}: ${why}`;
    byWhy.set(key, [...(byWhy.get(key) ?? []), detector]);
  }
  const notes = [...byWhy].map(([why, detectors]) => style.dim(`${safeText(why, false)} (${detectors.join(', ')})`));
  const nothing = all.length === 0 ? [`${ran} detectors found nothing`] : [];
  return [...texts, ...nothing, ...notes].join('\n') + '\n';
}

function findingText(
  detector: string,
  { severity, confidence, title, detail, tests, next }: Finding,
  style: Style,
): string {
  const mark = severity === 'error' ? style.red('✗') : severity === 'warning' ? style.yellow('!') : style.dim('·');
  const names = tests.slice(0, MAX_TESTS).map(({ package: pkg, test }) => `${pkg.split('/').at(-1) ?? ''} › ${test}`);
  const lines = [
    `${mark} ${style.bold(safeText(title, false))} ${style.dim(`${detector}, ${confidence}`)}`,
    ...names.map((name) => `    ${safeText(name, false)}`),
    ...detail
      .trimEnd()
      .split('\n')
      .map((line) => `    ${safeText(line, false)}`),
    `    ${style.dim('next:')} ${safeText(next, false)}`,
  ];
  return `${lines.join('\n')}\n`;
}
