import { createReader } from '@observe/gotrace';
import { recordingBytes } from '@observe/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { segmentsOf, traceOf } from '../../test/traces.ts';
import { alignTrace, emptyRun, OWNER, OwnerPairs, packageOfTrace, pairOutput, ProcessTrace } from '../index.ts';

const bytesOf = (name: string): Uint8Array => new Uint8Array(recordingBytes(name));

/** All that a trace holds, but for what depends on its segments: kept intervals, and what is not known at first. */
function tablesOf(trace: ProcessTrace): unknown {
  const { goroutines, owners, accounts, crossWakes, prints, collections, stops, counts } = trace;
  const column = ({ values, length }: { values: ArrayLike<number>; length: number }): number[] =>
    Array.from({ length }, (_, i) => values[i] ?? NaN);
  const columns = (table: object): Record<string, number[]> =>
    Object.fromEntries(
      Object.entries(table as Record<string, unknown>).flatMap(([name, value]) =>
        typeof value === 'object' && value !== null && 'values' in value
          ? [[name, column(value as { values: Float64Array; length: number })]]
          : [],
      ),
    );
  const tests = Array.from({ length: owners.length }, (_, owner) => owner).filter((owner) => owners.isTest(owner));
  const { hinted: _h, moved: _m, ...ownerColumns } = columns(owners);
  return {
    goroutines: columns(goroutines),
    owners: ownerColumns,
    times: tests.map((owner) => [accounts.timesOf(owner, 'runner'), accounts.timesOf(owner, 'children')]),
    accounts: tests.map((owner) => [
      accounts.started.values[owner],
      accounts.alive.values[owner],
      accounts.maxAlive.values[owner],
      accounts.outlived.values[owner],
      accounts.assistNs.values[owner],
    ]),
    crossWakes: columns(crossWakes),
    prints: columns(prints),
    ranges: [columns(collections), columns(stops)],
    series: [columns(trace.heapAllocBytes), columns(trace.gomaxprocs)],
    counts: counts.window(0, trace.extent.endNs, 50),
    clocks: trace.clocks,
    extent: trace.extent,
    reasons: trace.reasons,
    package: packageOfTrace(trace),
  };
}

describe.each([
  'shop/go1.22/payments.trace',
  'shop/go1.25/auth.trace',
  'shop/go1.27/inventory.trace',
  'std/io.trace',
  'traced/go1.26/kinds.trace',
])('%s', (name) => {
  const bytes = bytesOf(name);
  const whole = tablesOf(traceOf(bytes));

  test('is the same however the file was cut on its way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length }), (chunkBytes) => {
        const trace = new ProcessTrace();
        for (const segment of segmentsOf(bytes, Math.max(chunkBytes, 200))) trace.add(segment);
        expect(tablesOf(trace)).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  test('is the same when a generation comes in parts', () => {
    const trace = new ProcessTrace();
    const segments = segmentsOf(bytes, undefined, 100);
    for (const segment of segments) trace.add(segment);
    expect(segments.length).toBeGreaterThan(trace.extent.generations);
    const { counts: _, extent, ...rest } = tablesOf(trace) as Record<string, object>;
    const { counts: __, extent: wholeExtent, ...expected } = whole as Record<string, object>;
    expect(rest).toEqual(expected);
    expect(extent).toEqual(wholeExtent);
  });

  test('any damage gives tables, and never a throw', () => {
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(damage, fc.integer({ min: 16, max: bytes.length }), (changes, length) => {
        const damaged = bytes.slice(0, length);
        for (const [at, value] of changes) if (at < length) damaged[at] = value;
        const reader = createReader();
        const trace = new ProcessTrace({ budgetBytes: 10_000 });
        for (const segment of [...reader.push(damaged), ...reader.end().segments]) trace.add(segment);
        const { goroutines, owners } = trace;
        for (let row = 0; row < goroutines.length; row++) {
          const owner = goroutines.owner.values[row]!;
          expect(owner >= 0 && owner < owners.length).toBe(true);
        }
        const pairs = new OwnerPairs(trace, 0);
        pairs.update(emptyRun());
        pairOutput(trace, alignTrace(trace, pairs, emptyRun()), [{ atNs: 0, isPlain: true }]);
        tablesOf(trace);
      }),
      { numRuns: 60 },
    );
  });
});

test('keeps the newest intervals that fit, and says from when on it knows them', () => {
  const segments = segmentsOf(bytesOf('shop/go1.27/auth.trace'));
  const all = new ProcessTrace();
  const few = new ProcessTrace({ budgetBytes: 6000 });
  for (const segment of segments) {
    all.add(segment);
    few.add(segment);
  }
  expect(all.kept.segments).toHaveLength(5);
  expect(all.kept.fromNs).toBe(0);
  expect(few.kept.byteLength).toBeLessThanOrEqual(6000);
  expect(few.kept.segments.at(-1)?.endNs).toBe(all.extent.endNs);
  expect(few.kept.fromNs).toBe(segments[4 - few.kept.segments.length]!.endNs);
  expect(tablesOf(few)).toEqual(tablesOf(all));
  const none = new ProcessTrace({ budgetBytes: 0 });
  for (const segment of segments) none.add(segment);
  expect(none.kept.segments).toHaveLength(1);
});

test('a wait is told with its reason and its begin, also generations later and when the trace tells it anew', () => {
  for (const version of ['1.22', '1.27']) {
    const trace = traceOf(bytesOf(`shop/go${version}/auth.trace`));
    expect(trace.extent.generations).toBe(5);
    const main = trace.goroutines;
    expect(main.goid.values[0]).toBe(1);
    expect(trace.reasons[main.reason.values[0]!]).toBe('chan receive');
    expect(main.sinceNs.values[0]).toBeLessThan(30e6);
  }
});

test('a trace of a process that died before its first generation is empty, not wrong', () => {
  const trace = traceOf(bytesOf('shop/go1.22/reports.trace'));
  expect([trace.goroutines.length, trace.extent.generations]).toEqual([0, 0]);
  expect(packageOfTrace(trace)).toBeUndefined();
  expect(trace.owners.length).toBe(Object.keys(OWNER).length);
});
