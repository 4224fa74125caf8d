import type { RunSummary } from '@observe/protocol';
import { expect, test } from 'vitest';
import { ageOf, runsTable } from '../commands/runs.ts';
import { styleFor } from '../terminal/style.ts';
import { pick } from './run-access.ts';

const NO_COUNTS = { pass: 0, fail: 0, skip: 0, running: 0, lost: 0, neverStarted: 0 };
const run = (id: string, more: Partial<RunSummary> = {}): RunSummary => ({
  format: 1,
  id,
  name: 'example.com/shop',
  verdict: 'passed',
  startedAt: '2026-11-23T07:00:00Z',
  elapsedNs: 1.5e9,
  packages: 1,
  failedPackages: 0,
  counts: { ...NO_COUNTS, pass: 3 },
  seq: 1,
  bytes: 1,
  ...more,
});

test('a run is found by its id, by a unique prefix, and as the last one', () => {
  const runs = [run('20261123-08'), run('20261122-09'), run('20261122-07')];
  expect(pick(runs, '20261122-09').id).toBe('20261122-09');
  expect(pick(runs, '20261123').id).toBe('20261123-08');
  expect(pick(runs, 'last').id).toBe('20261123-08');
  expect(() => pick(runs, '20261122')).toThrow('"20261122" begins 2 ids: 20261122-09, 20261122-07; give more of it');
  expect(() => pick(runs, 'x')).toThrow('no run "x"');
  expect(() => pick(runs, '')).toThrow('no run ""');
  expect(() => pick([], 'last')).toThrow('there are no runs yet');
});

test('the table has a line for each run, and nothing in it can touch the terminal', () => {
  const runs = [
    run('b', { verdict: 'running', name: 'evil\x1b[2J', gitBranch: 'main', gitRevision: '0123456789abcdef' }),
    run('a', { verdict: 'failed', counts: { ...NO_COUNTS, pass: 1200, fail: 1, lost: 2 } }),
  ];
  expect(runsTable(runs, styleFor(false), Date.parse('2026-11-23T09:00:00Z'))).toBe(
    [
      'RUN  VERDICT    TESTS                    ELAPSED  STARTED  NAME              BRANCH',
      'b    ● running  3                        1.5s     2 h ago  evil              main 01234567',
      'a    ✗ failed   1,203, 1 failed, 2 lost  1.5s     2 h ago  example.com/shop',
      '',
    ].join('\n'),
  );
});

test('says how long ago', () => {
  const at = Date.parse('2026-11-23T07:00:00Z');
  const ages = [5, 61, 7200, 3 * 86_400, 90 * 86_400].map((s) => ageOf('2026-11-23T07:00:00Z', at + s * 1000));
  expect(ages).toEqual(['5 s ago', '1 min ago', '2 h ago', '3 d ago', '2026-11-23']);
});
