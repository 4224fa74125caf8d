import { describe, expect, test } from 'vitest';
import { found, GO_VERSIONS, recorded, shop, std, STD, titles } from '../test/facts.ts';
import { runDetectors } from './index.ts';

const NEED_TRACES = [
  'goroutine-leak',
  'late-goroutine',
  'shared-state',
  'pool-per-test',
  'pool-exhaustion',
  'pool-self-deadlock',
  'sleep-bound',
  'late-init',
];

/** What each says of the recorded shop, of whatever Go release: the planted faults and nothing else. */
const PLANTED: readonly (readonly [id: string, titles: readonly string[]])[] = [
  ['goroutine-leak', ['5 goroutines of TestRefundLeaks outlive it']],
  ['late-goroutine', ['a goroutine of TestAuditLogKeepsPrinting goes on after it']],
  ['shared-state', ['TestChargeVisa, TestChargeMastercard, TestChargeAmex share one mutex']],
  ['pool-per-test', ['8 tests each opened a database/sql pool and left it open']],
  ['pool-self-deadlock', ['TestNestedTx holds a database/sql connection and waits for another']],
  ['late-init', ['a goroutine from before the tests of example.com/shop/auth was still at work when they began']],
];

describe.each(GO_VERSIONS)('shop, Go %s', (version) => {
  test.each(PLANTED)('%s fires on what was planted, and on nothing else', (id, expected) => {
    expect(titles(id, shop(version))).toEqual(expected);
  });

  test('sleep-bound: TestSlowPoll; TestLedger, which sleeps 60 ms, is the near miss', () => {
    expect(found('sleep-bound', shop(version)).map(({ tests }) => tests[0]?.test)).toEqual(['TestSlowPoll']);
  });

  test('pool-exhaustion: the carts queue, and a wait that a context ended is no part of it', () => {
    const [finding, ...rest] = found('pool-exhaustion', shop(version));
    expect(rest).toEqual([]);
    expect(finding?.title).toMatch(/^TestCheckout\/cart.* queued for database\/sql connections$/);
    expect(finding?.tests.map((of) => of.test)).not.toContain('TestNestedTx');
    expect(finding?.detail).toContain('up to 2 at once');
  });

  test('goroutine-leak tells where they wait and where they were started', () => {
    const [finding] = found('goroutine-leak', shop(version));
    expect(finding?.confidence).toBe('likely');
    expect(finding?.detail).toMatch(/They wait \(chan receive\) in payments\.TestRefundLeaks\.func1/);
    expect(finding?.evidence.filter(({ kind }) => kind === 'goroutine')).toHaveLength(5);
  });

  test('late-goroutine counts the 20 lines', () => {
    expect(found('late-goroutine', shop(version))[0]?.detail).toContain('It printed 20 times after its test had ended');
  });

  test('shared-state shows both places', () => {
    const [finding] = found('shared-state', shop(version));
    expect(finding?.detail).toMatch(/payments\.\(\*controller\)\.(called|expect)/);
    expect(finding?.evidence.filter(({ kind }) => kind === 'stack').length).toBeGreaterThan(1);
  });

  test('pool-per-test names the function that opens them', () => {
    const [finding] = found('pool-per-test', shop(version));
    expect(finding?.detail).toContain('opened in inventory.setupTest (inventory_test.go:');
    expect(finding?.tests).toHaveLength(8);
  });

  test('late-init is sure of init only where the trace shows the stack', () => {
    const [finding] = found('late-init', shop(version));
    expect(finding?.confidence).toBe(version === '1.23' ? 'likely' : 'possible');
  });
});

describe.each(NEED_TRACES)('%s', (id) => {
  test.each(STD)('is silent on std %s', (name) => expect(found(id, std(name))).toEqual([]));
  test('is silent on one of each kind of thing that package testing runs', () =>
    expect(found(id, recorded('kinds'))).toEqual([]));
  test('says what it lacks where there is no trace', () => {
    const { run, reports } = std('io');
    const outcome = runDetectors({ run, reports }).find(({ detector }) => detector === id);
    expect(outcome).toMatchObject({ outcome: 'skipped', findings: [] });
    expect(outcome?.why).toContain('observe test');
  });
});

test('traced prints: only TestLate prints late, and tests that print side by side share nothing', () => {
  expect(found('late-goroutine', recorded('prints')).flatMap(({ tests }) => tests.map((of) => of.test))).toEqual([
    'TestLate',
  ]);
  expect(found('shared-state', recorded('prints'))).toEqual([]);
  expect(found('goroutine-leak', recorded('prints'))).toEqual([]);
});
