import { foldText, recordingBytes, recordingText } from '@observe/testkit';
import { iterateRows } from '@observe/base';
import type { TestGoroutines } from '@observe/protocol';
import { reduceRun, type RunState } from '@observe/run';
import { expect, test } from 'vitest';
import { createRunTraces, type RunTraces } from './run-traces.ts';

const VERSIONS = ['1.22', '1.23', '1.24', '1.25', '1.26', '1.27'] as const;

/** The recorded run of a Go release with the traces of its packages, given in uneven pieces. */
function shop(version: string, packages: readonly string[], pieceBytes = 10_007): { run: RunState; traces: RunTraces } {
  let run = foldText(recordingText(`shop/go${version}/run.jsonl`));
  const events = packages.map((name, i) => ({
    kind: 'artifact' as const,
    seq: run.seq + 1 + i,
    monoNs: 0,
    artifact: { id: `trace-${name}`, name: `${name}.trace`, format: 'trace' as const, state: 'whole' as const },
  }));
  run = reduceRun(run, events);
  const traces = createRunTraces();
  traces.setRun(run);
  for (const name of packages) {
    const bytes = new Uint8Array(recordingBytes(`shop/go${version}/${name}.trace`));
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      traces.push(`trace-${name}`, bytes.subarray(at, at + pieceBytes));
    }
    traces.end(`trace-${name}`);
  }
  return { run, traces };
}

const rowOf = (run: RunState, name: string): number =>
  [...iterateRows(run.tests)].find((test) => test.name === name)?.row ?? -1;

test.each(VERSIONS)('Go %s: traces find their packages, their tests and their place in time', (version) => {
  const { traces } = shop(version, ['auth', 'inventory', 'orders', 'payments']);
  const { processes } = traces.ask({ kind: 'processes' });
  expect(processes.map((process) => process.package)).toEqual(
    ['auth', 'inventory', 'orders', 'payments'].map((name) => `example.com/shop/${name}`),
  );
  for (const process of processes) {
    expect(process).toMatchObject({ placedBy: 'content', unpairedTests: 0, isGrowing: false, faults: [] });
    expect(process.clock.quality).toBe(Number(version.slice(2)) >= 25 ? 'snapshot' : 'paired');
    expect(process.clock.errorNs).toBeLessThan(2e6);
    expect(process.startNs).toBeGreaterThan(-1e9);
    expect(process.pairedTests).toBeGreaterThan(1);
  }
});

test.each(VERSIONS)('Go %s: a hanging test tells its goroutines, both lock sites and since when', (version) => {
  const { run, traces } = shop(version, ['auth']);
  const row = rowOf(run, 'TestSessionDeadlock');
  const answer = traces.ask({ kind: 'goroutines', of: { kind: 'test', row }, from: 0, limit: 100 });
  expect(answer).toMatchObject({ total: 3, alive: 3 });
  const locks = answer.goroutines
    .filter(({ isTest }) => !isTest)
    .map(({ now }) => {
      const frames = answer.stacks[now?.stack ?? -1] ?? [];
      const at = frames.find(({ func }) => func.includes('auth.'));
      return `${now?.state ?? ''} ${now?.reason ?? ''} ${at?.func ?? ''}:${at?.line ?? 0}`;
    });
  expect(locks.sort()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^waiting sync example\.com\/shop\/auth\.TestSessionDeadlock\.func\d:\d+$/),
    ]),
  );
  expect(new Set(locks).size).toBe(2);
  for (const { now, createdNs } of answer.goroutines) {
    expect(now?.sinceNs).toBeGreaterThanOrEqual(createdNs ?? Infinity);
    expect((answer.tipNs ?? 0) - (now?.sinceNs ?? 0)).toBeGreaterThan(3e9);
  }
});

test('eight parallel subtests wait for a pool of two connections: the series has them, and lanes tell where', () => {
  const { run, traces } = shop('1.26', ['orders']);
  const { processes } = traces.ask({ kind: 'processes' });
  const [orders] = processes;
  const series = traces.ask({
    kind: 'series',
    of: { kind: 'run' },
    fromNs: orders?.startNs ?? 0,
    toNs: orders?.endNs ?? 1,
    width: 500,
  });
  const select = series.counts.find(({ reason }) => reason === 'select');
  expect(Math.max(...(select?.max ?? []))).toBeGreaterThanOrEqual(2); // -parallel 4: two hold, two wait
  expect(series.counts.some(({ reason }) => reason.startsWith('system'))).toBe(false);
  expect(series.heapBytes.some((bytes) => bytes !== null && bytes > 0)).toBe(true);

  const row = rowOf(run, 'TestNestedTx');
  const { goroutines } = traces.ask({ kind: 'goroutines', of: { kind: 'test', row }, from: 0, limit: 10 });
  const lanes = traces.ask({
    kind: 'lanes',
    goroutines: goroutines.map(({ process, goid }) => ({ process, goid })),
    fromNs: orders?.startNs ?? 0,
    toNs: orders?.endNs ?? 1,
    width: 1000,
  });
  const waits = lanes.lanes.flatMap((lane) =>
    lane.state.flatMap((state, i) => {
      const wait = (lane.endNs[i] ?? 0) - (lane.startNs[i] ?? 0);
      const frames = lanes.stacks[lane.stack[i] ?? -1] ?? [];
      return state === 'waiting' && wait > 1e9 && frames.some(({ func }) => func === 'database/sql.(*DB).conn')
        ? [wait]
        : [];
    }),
  );
  expect(waits).toHaveLength(2);
});

test('a trace of no package of the run is said to be unplaced, and answers with nulls', () => {
  const { run } = shop('1.26', []);
  const traces = createRunTraces();
  traces.setRun(run);
  traces.push('trace-context', new Uint8Array(recordingBytes('std/context.trace')));
  traces.end('trace-context');
  const { processes } = traces.ask({ kind: 'processes' });
  expect(processes).toMatchObject([{ package: null, placedBy: null, pairedTests: 0 }]);
});

test.each(VERSIONS)('Go %s: tests tell what they leaked, who woke them, and where they slept', (version) => {
  const { run, traces } = shop(version, ['payments']);
  const { tests } = traces.ask({ kind: 'tests' });
  const of = (name: string): TestGoroutines | undefined => tests.get(rowOf(run, name));
  expect(of('TestRefundLeaks')).toMatchObject({ aliveAfterEnd: 5, total: 6 });
  expect(of('TestSlowPoll')?.own['waiting/sleep']).toBeGreaterThan(0.35e9);
  const charges = ['TestChargeVisa', 'TestChargeMastercard', 'TestChargeAmex'].map(of);
  const wakes = charges.flatMap((test) => test?.wokenBy ?? []);
  const woken = wakes.reduce((sum, { count }) => sum + count, 0);
  expect(woken).toBeGreaterThan(20);
  expect(new Set(wakes.map(({ waker }) => waker?.func))).toEqual(new Set(['sync.(*Mutex).Unlock']));
  expect(new Set(wakes.map(({ waiter }) => waiter?.func))).toEqual(new Set(['sync.(*Mutex).Lock']));
  expect(of('TestLedger')?.wokenBy).toBeUndefined();
});

test('waits inside package testing are told apart from a test’s own', () => {
  const { run, traces } = shop('1.27', ['orders']);
  const { tests } = traces.ask({ kind: 'tests' });
  const parent = tests.get(rowOf(run, 'TestCheckout'));
  expect(parent?.testing.subtestsNs).toBeGreaterThan(0.1e9);
  const queued = [...iterateRows(run.tests)].filter(({ name }) => name.startsWith('TestCheckout/'));
  const slotNs = queued.reduce((sum, { row }) => sum + (tests.get(row)?.testing.slotNs ?? 0), 0);
  expect(slotNs).toBeGreaterThan(0.1e9);
  for (const { row } of queued) {
    expect(Object.keys(tests.get(row)?.own ?? {})).not.toContain('waiting/chan receive');
  }
});
