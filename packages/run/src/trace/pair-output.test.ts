import { nsSince } from '@observe/base';
import { eventsOf, recordingText } from '@observe/testkit';
import { describe, expect, test } from 'vitest';
import { GO_VERSIONS, nameOf, recorded, shop, type TracedPackage } from '../../test/traces.ts';
import { alignTrace, NONE, pairOutput, type PrintedLine } from '../index.ts';

interface Line extends PrintedLine {
  readonly text: string;
  /** As Go says it. */
  readonly test: string | undefined;
}

const NOT_PLAIN = /^(?:=== |\s*--- |PASS$|FAIL|ok {2}|\s+\S+\.go:\d+: )/;

/** The lines that a package printed, as its stream has them. */
function linesOf({ run, pkg }: TracedPackage, stream: string): readonly Line[] {
  const lines: Line[] = [];
  let open: Line | undefined;
  for (const event of eventsOf(recordingText(stream))) {
    if (event.kind !== 'test' || event.event.action !== 'output' || event.event.package !== pkg.name) continue;
    const { output = '', time, test: name, endsLine } = event.event;
    const text = (open?.text ?? '') + output;
    open = {
      atNs: open?.atNs ?? nsSince(run.origin!, time!),
      text,
      test: open === undefined ? name : open.test,
      isPlain: !NOT_PLAIN.test(text),
    };
    if (!endsLine) continue;
    lines.push(open);
    open = undefined;
  }
  return lines;
}

/** How many plain lines are told rightly, wrongly, and not at all; `who` reads the truth from the text. */
function judge(
  pkg: TracedPackage,
  lines: readonly Line[],
  who: (text: string) => string,
): { right: number; wrong: number; doubtful: number; byGo: number } {
  const { owner, doubtful } = pairOutput(pkg.trace, alignTrace(pkg.trace, pkg.pairs, pkg.run), lines);
  let [right, wrong, byGo] = [0, 0, 0];
  lines.forEach(({ isPlain, text, test: name }, i) => {
    if (!isPlain) return;
    if (name === who(text)) byGo++;
    if (owner[i] === NONE) return;
    if (nameOf(pkg, owner[i]!) === who(text)) right++;
    else wrong++;
  });
  return { right, wrong, doubtful, byGo };
}

describe.each(GO_VERSIONS)('payments, Go %s', (version) => {
  const payments = shop(version, 'payments');
  const lines = linesOf(payments, `shop/go${version}/run.jsonl`);

  test('all 20 lines of the audit log belong to TestAuditLogKeepsPrinting, though Go gives it none', () => {
    expect(lines.filter(({ isPlain }) => isPlain).map(({ text }) => text)).toEqual(
      Array.from({ length: 20 }, (_, i) => `audit line ${i}`),
    );
    expect(judge(payments, lines, () => 'TestAuditLogKeepsPrinting')).toEqual({
      right: 20,
      wrong: 0,
      doubtful: 0,
      byGo: 0,
    });
  });

  test('without a clock nothing is told', () => {
    const unknown = { originNs: 0, quality: 'unknown', errorNs: Infinity, pieces: [] } as const;
    expect(pairOutput(payments.trace, unknown, lines).doubtful).toBe(20);
  });

  test('a line that is missing, or one too many, makes its surroundings doubtful and nothing wrong', () => {
    const isAudit = ({ text }: Line): boolean => text.startsWith('audit');
    for (let i = 0; i < lines.length; i++) {
      if (!isAudit(lines[i]!)) continue;
      const without = judge(payments, lines.toSpliced(i, 1), () => 'TestAuditLogKeepsPrinting');
      expect(without.wrong).toBe(0);
      expect(without.right + without.doubtful).toBe(19);
      const twice = judge(payments, lines.toSpliced(i, 0, lines[i]!), () => 'TestAuditLogKeepsPrinting');
      expect(twice.wrong).toBe(0);
      expect(twice.doubtful).toBeGreaterThan(0);
    }
  });
});

const firstWord = (text: string): string => text.replace(/^\d{4}\/\S+ \S+ /, '').split(' ')[0]!;

test('prints: 205 lines of tests that print at the same time, each told rightly; Go tells 165', () => {
  const prints = recorded('prints');
  const judged = judge(prints, linesOf(prints, 'traced/go1.26/prints.jsonl'), firstWord);
  expect(judged).toEqual({ right: 205, wrong: 0, doubtful: 0, byGo: 165 });
});

test('files: what a subprocess, println, two lines at once and writes to files come near is doubtful, the rest right', () => {
  const files = recorded('files');
  const judged = judge(files, linesOf(files, 'traced/go1.26/files.jsonl'), firstWord);
  expect(judged).toEqual({ right: 68, wrong: 0, doubtful: 20, byGo: 28 });
});
