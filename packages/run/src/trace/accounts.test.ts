import { describe, expect, test } from 'vitest';
import {
  funcsOf,
  GO_VERSIONS,
  nameOf,
  ownerOf,
  recorded,
  shop,
  traced,
  type TracedPackage,
} from '../../test/traces.ts';

/** Milliseconds by what a test's runner, or what it started, did: `sleep`, `no-slot`, `running`. */
function msOf({ trace }: TracedPackage, owner: number, who: 'runner' | 'children'): Record<string, number> {
  const states = ['', 'runnable', 'running', 'syscall'];
  return Object.fromEntries(
    trace.accounts
      .timesOf(owner, who)
      .map(({ state, reason, testWait, ns }) => [testWait ?? states[state] ?? trace.reasons[reason] ?? '', ns / 1e6]),
  );
}

describe.each(GO_VERSIONS)('shop, Go %s', (version) => {
  const payments = shop(version, 'payments');
  const orders = shop(version, 'orders');
  const account = ({ trace }: TracedPackage, owner: number): readonly (number | undefined)[] =>
    [trace.accounts.started, trace.accounts.maxAlive, trace.accounts.outlived, trace.accounts.alive].map(
      ({ values }) => values[owner],
    );

  test('TestRefundLeaks started five goroutines, which outlive it and wait for a channel to the end', () => {
    const leaks = ownerOf(payments, 'TestRefundLeaks');
    expect(account(payments, leaks)).toEqual([6, 6, 5, 5]);
    expect(msOf(payments, leaks, 'children')['chan receive']).toBeGreaterThan(5 * 400);
  });

  test('TestSlowPoll sleeps its 0.4 s', () => {
    const { sleep, ...rest } = msOf(payments, ownerOf(payments, 'TestSlowPoll'), 'runner');
    expect(sleep).toBeGreaterThan(400);
    expect(sleep).toBeLessThan(480);
    expect(Object.values(rest).reduce((sum, ms) => sum + ms, 0)).toBeLessThan(10);
  });

  test('TestAuditLogKeepsPrinting has passed when its goroutine goes on, and ends later', () => {
    expect(account(payments, ownerOf(payments, 'TestAuditLogKeepsPrinting'))).toEqual([2, 2, 1, 0]);
  });

  test('the parallel tests wait for the serial ones, which is testing’s own wait, and then for each other', () => {
    for (const name of ['TestChargeVisa', 'TestChargeMastercard', 'TestChargeAmex']) {
      const ms = msOf(payments, ownerOf(payments, name), 'runner');
      expect(ms['serial-siblings']).toBeGreaterThan(450);
      expect(ms['sync']).toBeGreaterThan(20);
      expect(ms['chan receive']).toBeUndefined();
    }
  });

  test('TestCharge* wake each other about 40 times through one mutex, and nobody else does', () => {
    const { crossWakes, reasons } = payments.trace;
    let wakes = 0;
    for (let row = 0; row < crossWakes.length; row++) {
      wakes += crossWakes.count.values[row]!;
      const [from, to] = [crossWakes.from.values[row]!, crossWakes.to.values[row]!].map((owner) =>
        nameOf(payments, owner),
      );
      expect(`${from} ${to}`).toMatch(/^TestCharge\w+ TestCharge\w+$/);
      expect(from).not.toBe(to);
      expect(reasons[crossWakes.reason.values[row]!]).toBe('sync');
      const [unlock, holder] = funcsOf(payments, crossWakes.stack.values[row]!);
      expect(unlock).toBe('sync.(*Mutex).Unlock');
      expect(holder).toMatch(/^example\.com\/shop\/payments\.\(\*controller\)\.(called|expect)$/);
      expect(funcsOf(payments, crossWakes.waitStack.values[row]!)[0]).toBe('sync.(*Mutex).Lock');
      expect(crossWakes.late.values[row]).toBe(0);
      expect(crossWakes.lastNs.values[row]).toBeGreaterThanOrEqual(crossWakes.firstNs.values[row]!);
    }
    expect(wakes).toBeGreaterThan(30);
    expect(wakes).toBeLessThan(50);
  });

  test('subtests of TestCheckout give each other connections of one pool', () => {
    const { crossWakes } = orders.trace;
    expect(crossWakes.length).toBeGreaterThan(5);
    for (let row = 0; row < crossWakes.length; row++) {
      expect(nameOf(orders, crossWakes.from.values[row]!)).toMatch(/^TestCheckout\/cart\d$/);
      expect(nameOf(orders, crossWakes.to.values[row]!)).toMatch(/^TestCheckout\/cart\d$/);
      expect(funcsOf(orders, crossWakes.stack.values[row]!)).toContain('database/sql.(*DB).putConnDBLocked');
      expect(funcsOf(orders, orders.trace.facts.callOf(crossWakes.waitStack.values[row]!))[0]).toBe(
        'database/sql.(*DB).conn',
      );
    }
  });

  test('TestCheckout waits for its subtests, half of them for a slot, and all eight for a connection', () => {
    expect(msOf(orders, ownerOf(orders, 'TestCheckout'), 'runner')['parallel-subtests']).toBeGreaterThan(100);
    const carts = Array.from({ length: 8 }, (_, i) => msOf(orders, ownerOf(orders, `TestCheckout/cart${i}`), 'runner'));
    expect(carts.filter((ms) => (ms['no-slot'] ?? 0) > 20)).toHaveLength(4);
    expect(carts.every((ms) => (ms['select'] ?? 0) > 0)).toBe(true);
    expect(carts.every((ms) => ms['chan receive'] === undefined)).toBe(true);
  });

  test('TestNestedTx: two goroutines wait for a second connection until the context ends', () => {
    const nested = ownerOf(orders, 'TestNestedTx');
    expect(msOf(orders, nested, 'children')['select']).toBeGreaterThan(2 * 1400);
  });

  test('the time of a test is its life, no more and no less', () => {
    const { owners, accounts } = orders.trace;
    for (let owner = 5; owner < owners.length; owner++) {
      const spentNs = accounts.timesOf(owner, 'runner').reduce((sum, { ns }) => sum + ns, 0);
      expect(spentNs).toBe(owners.endedNs.values[owner]! - owners.createdNs.values[owner]!);
    }
  });
});

test('auth: a deadlock is three waits for locks, none of them testing’s', () => {
  const auth = shop('1.27', 'auth');
  const deadlock = ownerOf(auth, 'TestSessionDeadlock');
  expect(Object.keys(msOf(auth, deadlock, 'runner'))).toContain('sync');
  expect(msOf(auth, deadlock, 'children')['sync']).toBeGreaterThan(2 * 4900);
});

test.each([
  ['std/context.trace', 'std/context.jsonl', 'context'],
  ['std/database_sql.trace.gz', 'std/database_sql.jsonl.gz', 'database/sql'],
  ['std/io.trace', 'std/io.jsonl', 'io'],
] as const)('%s: healthy tests wake nobody but themselves', (trace, stream, name) => {
  expect(traced(trace, stream, name).trace.crossWakes.length).toBe(0);
});

test.each(['kinds', 'prints', 'files'])('%s: nor do those that only share the test log and the output', (name) => {
  expect(recorded(name).trace.crossWakes.length).toBe(0);
});

test('kinds: a serial subtest is waited for, in a benchmark, a fuzz test, too', () => {
  const kinds = recorded('kinds');
  for (const name of ['TestBubble', 'BenchmarkGroup', 'FuzzSeed']) {
    const ms = msOf(kinds, ownerOf(kinds, name), 'runner');
    expect(ms['serial-subtest']).toBeGreaterThan(0);
    expect(ms['chan receive']).toBeUndefined();
  }
});
