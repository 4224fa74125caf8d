import { ns, rowAt } from '@observe/base';
import { foldText, recordingText, streamFromText } from '@observe/testkit';
import type { RunState, TestState } from '@observe/run';
import { expect, test } from 'vitest';
import { activityOf } from './activity.ts';
import { paintPackage, paintTest } from './paint-lanes.ts';
import { plainTheme, recorder } from './recorder.test-kit.ts';

/** 1 px a millisecond. */
const view = { fromNs: 0, toNs: 1000e6, widthPx: 1000 };

function testNamed(run: RunState, name: string): TestState {
  for (let row = 0; row < run.tests.length; row++) {
    const found = rowAt(run.tests, row);
    if (found?.name === name) return found;
  }
  throw new Error(`no test ${name}`);
}

function painted(run: RunState, name: string, seen = view): string[] {
  const { pen, calls } = recorder();
  paintTest(pen, testNamed(run, name), seen, 0, run.lastNs ?? 0, plainTheme);
  return calls;
}

test('draws a running bar up to the true end and an outline until Go reported it', () => {
  const run = foldText(
    streamFromText(`
    store          start@0
    store TestA    run@10ms  line-pass@110ms event-pass@400ms
    store          pass@500ms
  `),
  );
  const calls = painted(run, 'TestA');
  expect(calls[0]).toBe('rect 10 5 100x12 pass');
  expect(calls.slice(1).every((call) => /^rect (110|399) .* pass$/.test(call))).toBe(true);
  expect(calls).toHaveLength(4);
});

test('draws a paused test hatched, a queued one dotted, and what ran full', () => {
  const run = foldText(
    streamFromText(`
    store          start@0
    store TestA    run@10ms pause@20ms cont@100ms pass@200ms
    store TestB    run@20ms pause@30ms cont@150ms pass@300ms
    store          pass@500ms
  `),
  );
  expect(painted(run, 'TestB').slice(0, 4)).toEqual([
    'rect 20 5 10x12 pass',
    'rect 30 5 70x12 pass-hatch',
    'rect 100 5 50x12 pass-dots',
    'rect 150 5 150x12 pass',
  ]);
});

test('tears a lost lane at the end of its package, and ends a never-started one in a diamond', () => {
  const run = foldText(
    streamFromText(`
    store          start@0              fail@500ms
    store TestA    run@10ms
    store TestB    run@20ms pause@30ms
  `),
  );
  expect(painted(run, 'TestA')).toEqual(['rect 10 5 490x12 lost', 'path', 'fill lost']);
  expect(painted(run, 'TestB').slice(-2)).toEqual(['path', 'fill never-started']);
});

test('a test too short for the scale still shows one pixel', () => {
  const run = foldText(
    streamFromText(`
    store          start@0
    store TestA    run@10ms pass@10.001ms
    store          pass@500ms
  `),
  );
  expect(painted(run, 'TestA')).toEqual(['rect 10 5 1x12 pass']);
});

test('however many pieces a lane has, it is painted with about one call a pixel', () => {
  const subtests = Array.from(
    { length: 2000 },
    (_, i) => `store TestA/s${i} run@${1 + i * 0.2}ms pass@${1.1 + i * 0.2}ms`,
  );
  const run = foldText(
    streamFromText(['store start@0', 'store TestA run@1ms pass@402ms', ...subtests, 'store pass@500ms'].join('\n')),
  );
  expect(testNamed(run, 'TestA').segmentLength).toBeGreaterThan(4000);
  expect(painted(run, 'TestA').length).toBeLessThan(450);
  expect(painted(run, 'TestA', { fromNs: 0, toNs: 100e9, widthPx: 1000 }).length).toBeLessThan(10);
});

function paintedPackage(run: RunState, row: number, seen = view): string[] {
  const pkg = rowAt(run.packages, row);
  if (pkg === undefined) throw new Error(`no package ${row}`);
  const { pen, calls } = recorder();
  paintPackage(pen, pkg, activityOf(run.tests, pkg.tests, pkg.testCount), seen, 0, run.lastNs ?? 0, plainTheme);
  return calls;
}

test('a package shows how long its process lived, how many tests ran at once, and where one failed', () => {
  const run = foldText(
    streamFromText(`
    store          start@0                                   fail@500ms
    store TestA    run@10ms pause@10ms cont@100ms pass@300ms
    store TestB    run@20ms pause@20ms cont@100ms fail@200ms
  `),
  );
  expect(paintedPackage(run, 0)).toEqual([
    'rect 0 17 500x1.5 fail',
    'rect 100 3 100x14 area',
    'rect 200 10 100x7 area',
    'rect 199 3 2x14 fail',
  ]);
});

test('a package of 20,000 short tests costs no more calls than pixels', () => {
  const tests = Array.from({ length: 20_000 }, (_, i) => `store Test${i} run@${i * 0.05}ms pass@${i * 0.05 + 0.04}ms`);
  const run = foldText(streamFromText(['store start@0', ...tests, 'store pass@1000ms'].join('\n')));
  expect(paintedPackage(run, 0).length).toBeLessThan(1010);
  expect(activityOf(run.tests, rowAt(run.packages, 0)!.tests, 20_000).peak).toBe(1);
});

test('a timed out package of a real recording shows its hanging tests torn', () => {
  const run = foldText(recordingText('streams/hang-timeout.jsonl'));
  const whole = { fromNs: 0, toNs: ns(2e9), widthPx: 1000 };
  expect(painted(run, 'TestHangMutex', whole).at(-1)).toBe('fill lost');
  expect(painted(run, 'TestSleepy', whole).at(-1)).toBe('fill never-started');
});
