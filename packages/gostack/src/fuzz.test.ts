// Only a report, never a throw, whatever the text.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assemble, readLines } from '../test/read-recording.ts';
import {
  bucketGoroutines,
  culpritOf,
  ownerOfAccess,
  ownersOf,
  parseGoroutineHeader,
  testingWait,
  waitSite,
} from './index.ts';
import type { Report } from './index.ts';

const RECORDED = [
  ...['hang-timeout', 'bgpanic', 'panics', 'race', 'segv', 'interleave'].map((name) => `streams/${name}.jsonl`),
  ...['sigquit', 'ancestors', 'bubble', 'labels', 'nested', 'printed', 'race', 'noeol-crash'].map(
    (name) => `dumps/go1.26/${name}.jsonl`,
  ),
].map((recording) => readLines(recording).map((line) => line.text));

const anyLine = fc.constantFrom(...new Set(RECORDED.flat()));
const piece = fc.constantFrom(
  'goroutine ', '1', ' [', 'select', ']:', ' labels:{', '"', '\\', '}', ': ', ', ', 'panic: ', 'fatal error: ', '\t', 'm.f(0x1)',
  'created by m.f', ' in goroutine 2', '==================', 'WARNING: DATA RACE', 'Read at 0x1 by goroutine 1:', '  m.f()',
  '      x.go:1 +0x1', 'exit status 1', 'x.go:1', 'SIGQUIT: quit', 'PC=0x1 m=0 sigcode=0', 'runtime stack:', '[signal ', '\0', '\ud800', '\r',
); // prettier-ignore
const nonsense = fc
  .array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 12 })
  .map((parts) => parts.join(''));

/** A recording with lines lost, doubled, changed, mixed with others'. */
const mutated = fc
  .tuple(
    fc.constantFrom(...RECORDED),
    fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('drop', 'double', 'cut', 'insert', 'swap'), fc.oneof(anyLine, nonsense)),
      { maxLength: 30 },
    ),
  )
  .map(([recording, edits]) => {
    const lines = [...recording];
    for (const [where, edit, text] of edits) {
      const at = lines.length === 0 ? 0 : where % lines.length;
      const line = lines[at] ?? '';
      if (edit === 'drop') lines.splice(at, 1);
      else if (edit === 'double') lines.splice(at, 0, line);
      else if (edit === 'cut') lines[at] = line.slice(0, where % (line.length + 1));
      else if (edit === 'insert') lines.splice(at, 0, text);
      else lines.splice(0, lines.length, ...lines.slice(at), ...lines.slice(0, at));
    }
    return lines;
  });

const anyText = fc.oneof(mutated, fc.array(fc.oneof(anyLine, nonsense, fc.string()), { maxLength: 60 }));

/** Asks everything that can be asked of a report. */
function askAll(report: Report): void {
  for (const block of report.blocks) {
    if (block.kind === 'race') {
      for (const access of block.accesses) ownerOfAccess(access, block);
      continue;
    }
    if (block.kind === 'panic' || block.kind === 'fatal') culpritOf(block);
    ownersOf(block.dump);
    bucketGoroutines(block.dump);
    for (const goroutine of block.dump.goroutines) {
      testingWait(goroutine);
      waitSite(goroutine);
    }
  }
}

test('any text gives a report whose blocks are disjoint, in order, and hold the text they claim', () => {
  fc.assert(
    fc.property(anyText, (texts) => {
      const lines = texts.map((text, at) => ({ text, at }));
      const report = assemble(lines);
      askAll(report);
      expect(JSON.parse(JSON.stringify(report))).toBeTypeOf('object');
      const seen = new Set<number>();
      for (const block of report.blocks) {
        const own: string[] = [];
        expect([block.ranges[0]?.from, block.ranges.at(-1)?.to]).toEqual([block.from, block.to]);
        for (const { from, to } of block.ranges) {
          for (let at = from; at <= to; at++) {
            expect(seen.has(at)).toBe(false);
            seen.add(at);
            own.push(texts[at]?.replace(/\r$/, '') ?? '');
          }
        }
        expect(block.text).toBe(own.join('\n'));
      }
      expect(report.blocks.map((block) => block.from)).toEqual(
        report.blocks.map((block) => block.from).sort((a, b) => a - b),
      );
    }),
    { numRuns: 500 },
  );
});

test('what is kept has limits, whose lines are whose does not depend on them', () => {
  const extents = (report: Report): unknown => report.blocks.map(({ kind, ranges }) => ({ kind, ranges }));
  fc.assert(
    fc.property(anyText, (texts) => {
      const lines = texts.map((text, at) => ({ text, at }));
      const report = assemble(lines, { keptLines: 12, keptChars: 400 });
      askAll(report);
      expect(extents(report)).toEqual(extents(assemble(lines)));
      const kept = report.blocks.flatMap((block) => (block.text === '' ? [] : block.text.split('\n')));
      expect(kept.length).toBeLessThanOrEqual(12);
      expect(kept.join('').length).toBeLessThanOrEqual(400);
    }),
    { numRuns: 300 },
  );
});

test('any limits are borne', () => {
  const tight = { keptLines: 6, keptChars: 200, lineChars: 30, messageLines: 2, gapLines: 3, blocks: 2, marks: 1 };
  fc.assert(
    fc.property(anyText, (texts) => {
      const report = assemble(
        texts.map((text, at) => ({ text, at })),
        tight,
      );
      askAll(report);
      expect(report.marks.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

test('a header is read without loss or not at all', () => {
  fc.assert(
    fc.property(nonsense, (text) => {
      const header = parseGoroutineHeader(`goroutine 1 [${text}]:`);
      expect(header === undefined || header.goid === 1).toBe(true);
    }),
  );
});

test.each([
  ['headers', (i: number) => `goroutine ${i} [select]:`],
  ['one header', () => 'goroutine 1 [select]:'],
  ['heads', () => 'panic: boom'],
  ['hidden heads', () => 'x panic: boom'],
  ['titles', () => 'WARNING: DATA RACE'],
  ['rulers', () => '=================='],
  ['accesses', (i: number) => (i === 0 ? 'WARNING: DATA RACE' : 'Read at 0x1 by goroutine 1:')],
  ['frames', (i: number) => (i === 0 ? 'goroutine 1 [select]:' : i % 2 ? `m.f${i}(0x1)` : `\tx${i}.go:1 +0x1`)],
  ['a message', (i: number) => (i === 0 ? 'panic: boom' : '\tmore')],
  ['last words', () => 'runtime: bad'],
  ['marks', () => 'exit status 1'],
  [
    'every other line',
    (i: number) =>
      i === 0 ? 'goroutine 1 [select]:' : i % 3 === 1 ? 'm.f(0x1)' : i % 3 === 2 ? '\tx.go:1' : '=== RUN   TestA',
  ],
])('100,000 lines of nothing but %s are read in linear time', (_what, line) => {
  const lines = Array.from({ length: 100_000 }, (_, i) => ({ text: line(i), at: i }));
  askAll(assemble(lines));
});

test.each([
  'goroutine 1 [select labels:{' + '"a": "b", '.repeat(200_000) + '}]:',
  `m.f(${'{'.repeat(1_000_000)})`,
  `\t${':1'.repeat(500_000)}x`,
  'panic: '.repeat(200_000),
  `exit status ${'1'.repeat(1_000_000)}`,
  '"'.repeat(1_000_000),
])('one line of a million characters is read in linear time (%#)', (text) => {
  askAll(
    assemble(['goroutine 1 [select]:', 'm.f(0x1)', text, '\tx.go:1', text].map((line, at) => ({ text: line, at }))),
  );
  parseGoroutineHeader(text);
});
