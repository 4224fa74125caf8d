import { iterateRows } from '@observe/base';
import { NONE, type SymbolTable } from '@observe/gotrace';
import { describe, expect, test } from 'vitest';
import { GO_VERSIONS, ownerOf, shop, traced, type TracedPackage } from '../../test/traces.ts';
import { alignTrace, OWNER, OWNER_KINDS, packageOfTrace, type ProcessTrace, runNsOf, traceNsOf } from '../index.ts';

/** Rows of the goroutines that an owner has, itself included. */
const goroutinesOf = ({ trace }: TracedPackage, owner: number): number[] =>
  Array.from({ length: trace.goroutines.length }, (_, row) => row).filter(
    (row) => trace.goroutines.owner.values[row] === owner,
  );
const startOf = ({ trace: { symbols, goroutines } }: TracedPackage, row: number): string =>
  symbols.string(goroutines.startFunc.values[row]!);
const funcs = (symbols: SymbolTable, stack: number): string[] => symbols.framesOf(stack).map(({ func }) => func);

const STD = [
  ['std/context.trace', 'std/context.jsonl', 'context'],
  ['std/database_sql.trace.gz', 'std/database_sql.jsonl.gz', 'database/sql'],
  ['std/io.trace', 'std/io.jsonl', 'io'],
] as const;

describe.each(STD)('%s', (trace, stream, name) => {
  const pkg = traced(trace, stream, name);

  test('every test of the stream has its owner, and every owner its test', () => {
    const { owners, paired, named } = pkg.pairs.counts();
    expect([owners, paired]).toEqual([pkg.pkg.testCount, pkg.pkg.testCount]);
    expect(named).toBeGreaterThan(10);
  });

  test('a test and its owner agree on parents', () => {
    for (const { row, parent } of iterateRows(pkg.run.tests)) {
      const owner = pkg.pairs.ownerOf(row);
      const above = pkg.trace.owners.parent.values[owner]!;
      expect(parent === NONE ? OWNER.package : pkg.pairs.ownerOf(parent)).toBe(above);
    }
  });

  test('the package is known', () => {
    expect(packageOfTrace(pkg.trace)?.path).toBe(name);
  });
});

describe.each(GO_VERSIONS)('shop, Go %s', (version) => {
  const packages = ['auth', 'inventory', 'orders', 'payments', ...(version === '1.22' ? [] : ['reports'])];
  const all = packages.map((name) => [name, shop(version, name)] as const);

  test.each(all)('%s: tests and owners pair one to one, and functions confirm the names', (name, pkg) => {
    const { trace, run, pairs } = pkg;
    expect(pairs.counts()).toMatchObject({ owners: pkg.pkg.testCount, paired: pkg.pkg.testCount });
    for (const { row, name: full, parent, package: of } of iterateRows(run.tests)) {
      if (of !== pkg.pkg.row) continue;
      const hint = trace.symbols.string(trace.owners.hint.values[pairs.ownerOf(row)]!);
      if (hint !== '' && parent === NONE) expect(hint).toBe(`example.com/shop/${name}.${full}`);
    }
    expect(packageOfTrace(trace)).toEqual({ path: `example.com/shop/${name}`, confidence: 'certain' });
  });

  test('auth: the two goroutines of the deadlock belong to TestSessionDeadlock, and tell where and since when they wait', () => {
    const auth = shop(version, 'auth');
    const { trace } = auth;
    const rows = goroutinesOf(auth, ownerOf(auth, 'TestSessionDeadlock'));
    expect(rows.map((row) => startOf(auth, row)).sort()).toEqual([
      'example.com/shop/auth.TestSessionDeadlock.func1',
      'example.com/shop/auth.TestSessionDeadlock.func2',
      'testing.tRunner',
    ]);
    for (const row of rows) {
      const { state, reason, stack, sinceNs } = trace.goroutines;
      expect([state.values[row], trace.reasons[reason.values[row]!]]).toEqual([4, 'sync']);
      const call = startOf(auth, row) === 'testing.tRunner' ? 'sync.(*WaitGroup).Wait' : 'sync.(*Mutex).Lock';
      expect(funcs(trace.symbols, trace.facts.callOf(stack.values[row]!))[0]).toBe(call);
      // 20 ms of TestToken, then 10 ms of sleep: not the beginning of the last generation, seconds later.
      expect(sinceNs.values[row]).toBeGreaterThan(20e6);
      expect(sinceNs.values[row]).toBeLessThan(60e6);
      expect(trace.goroutines.isAlive(row)).toBe(true);
    }
  });

  test('auth: one goroutine that is older than the tests ends among them; its stack, where one is seen, is of init', () => {
    const auth = shop(version, 'auth');
    const { goroutines, symbols } = auth.trace;
    const ended = Array.from({ length: goroutines.length }, (_, row) => row).filter(
      (row) => goroutines.isOlder(row) && !goroutines.isAlive(row) && goroutines.owner.values[row] !== OWNER.runtime,
    );
    expect(ended).toHaveLength(1);
    const owner = goroutines.owner.values[ended[0]!]!;
    const start = symbols.string(goroutines.startFunc.values[ended[0]!]!);
    expect([OWNER_KINDS[owner], start]).toEqual(
      start === '' ? ['unknown', ''] : ['init', 'example.com/shop/auth.init.0.func1'],
    );
    expect(goroutines.endedNs.values[ended[0]!]).toBeLessThan(20e6);
  });

  test('inventory: each subtest has a pool of its own, whose opener outlives it', () => {
    const inventory = shop(version, 'inventory');
    const { goroutines, owners } = inventory.trace;
    const subtests = [...iterateRows(inventory.run.tests)].filter(({ name }) => name.startsWith('TestStock/'));
    expect(subtests).toHaveLength(8);
    for (const { row } of subtests) {
      const owner = inventory.pairs.ownerOf(row);
      const openers = goroutinesOf(inventory, owner).filter(
        (row) => startOf(inventory, row) === 'database/sql.(*DB).connectionOpener',
      );
      expect(openers).toHaveLength(1);
      expect(goroutines.isAlive(openers[0]!)).toBe(true);
      expect(owners.endedNs.values[owner]).toBeLessThan(Infinity);
    }
  });

  test('payments: TestRefundLeaks leaves five goroutines in a channel receive', () => {
    const payments = shop(version, 'payments');
    const { goroutines, reasons } = payments.trace;
    const left = goroutinesOf(payments, ownerOf(payments, 'TestRefundLeaks')).filter((row) => goroutines.isAlive(row));
    expect(left.map((row) => reasons[goroutines.reason.values[row]!])).toEqual(Array(5).fill('chan receive'));
  });

  test('orders: the timer of the context is nobody’s', () => {
    const orders = shop(version, 'orders');
    expect(goroutinesOf(orders, OWNER.timer).map((row) => startOf(orders, row))).toEqual([
      'context.WithDeadlineCause.func2',
    ]);
  });

  test.each(all)('%s: the clock of the trace meets that of the stream', (_, pkg) => {
    const { trace, run, pairs } = pkg;
    const alignment = alignTrace(trace, pairs, run);
    expect(alignment.quality).toBe(version >= '1.25' ? 'snapshot' : 'paired');
    expect(alignment.errorNs).toBeLessThanOrEqual(1e6);
    for (const { row, startNs } of iterateRows(run.tests)) {
      const owner = pairs.ownerOf(row);
      if (owner === NONE || startNs === undefined) continue;
      const announcedNs = runNsOf(alignment, trace.owners.announcedNs.values[owner]!)!;
      expect(startNs - announcedNs).toBeGreaterThan(-alignment.errorNs);
      expect(startNs - announcedNs).toBeLessThan(20e6);
    }
    const atNs = trace.extent.endNs;
    expect(traceNsOf(alignment, runNsOf(alignment, atNs)!)).toBeCloseTo(atNs, -1);
    if (version < '1.25') return;
    // The same without the trace's own clock: within what it says.
    const blind = Object.create(trace, { clocks: { value: [] } }) as ProcessTrace;
    const paired = alignTrace(blind, pairs, run);
    expect(paired.quality).toBe('paired');
    expect(Math.abs(paired.originNs - alignment.originNs)).toBeLessThanOrEqual(paired.errorNs + alignment.errorNs);
    const { atNs: clockNs, monoNs } = trace.clocks[0]!;
    expect(Math.abs(Number(trace.originMonoNs! + BigInt(clockNs) - monoNs))).toBeLessThan(1000);
  });
});

test('an older goroutine is told once its stack is seen, also in a later generation', () => {
  const { trace } = shop('1.23', 'auth');
  const kinds = Array.from({ length: trace.goroutines.length }, (_, row) => row)
    .filter((row) => trace.goroutines.isOlder(row))
    .map((row) => OWNER_KINDS[trace.goroutines.owner.values[row]!]);
  expect(kinds).toContain('init');
  expect(new Set(kinds)).toEqual(new Set(['package', 'runtime', 'init']));
});
