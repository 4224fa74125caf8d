import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { arrivalOf, ask, pageAddress } from '../harness/collector.ts';
import { startProgram } from '../harness/program.ts';
import { expect, test } from '../harness/test.ts';
import { RunPage } from '../pages/run-page.ts';

const OBSERVE = fileURLToPath(new URL('../../apps/cli/bin/observe.js', import.meta.url));
const SHOP = fileURLToPath(new URL('../../examples/shop', import.meta.url));

test.skip(!isGoThere(), 'needs Go 1.22 or newer on the PATH');

test('go test -json ./... | observe: what really happens in examples/shop', async ({ observe }) => {
  const line = `go test -json -count=1 -parallel=4 -timeout=5s ./... | "${process.execPath}" "${OBSERVE}"`;
  const [shell, flag] = process.platform === 'win32' ? ['cmd', '/c'] : ['sh', '-c'];
  const pipe = startProgram(shell, [flag, line], { cwd: SHOP, env: observe.env });
  expect((await pipe.ended).code).toBe(1);

  const { stdout } = await observe.run(['show', 'last', '--json']);
  const { run, packages } = JSON.parse(stdout) as Shown;
  expect(run).toMatchObject({ verdict: 'failed', module: 'example.com/shop' });
  const outcomes = packages.flatMap(({ package: name, tests }) =>
    tests.map(({ test, outcome }) => [`${name.split('/').at(-1)} ${test}`, outcome]),
  );
  expect(Object.fromEntries(outcomes)).toMatchObject({
    'auth TestToken': 'pass',
    'auth TestSessionDeadlock': 'lost',
    'inventory TestStock': 'fail',
    'orders TestCheckout': 'pass',
    'orders TestNestedTx': 'fail',
    'payments TestRefundLeaks': 'pass',
    'reports TestAssertPluginGoexit/assert': 'fail',
  });
});

test('observe test: while a test hangs, its goroutines, both lock sites and their ages are told, live', async ({
  observe,
  page,
}) => {
  await observe.serve();
  const program = observe.start(['test', '-count=1', '-timeout=12s', './auth'], { cwd: SHOP });
  const { id } = await arrivalOf(observe.home, [], 3);
  const query = new URLSearchParams({ package: 'example.com/shop/auth', test: 'TestSessionDeadlock' });
  let told: Goroutines | undefined;
  await expect
    .poll(
      async () => {
        told = (await ask(observe.home, `/api/runs/${id}/goroutines?${query}`)) as Goroutines | undefined;
        return told?.goroutines?.filter(({ now }) => now?.reason === 'sync').length ?? 0;
      },
      { intervals: [50], timeout: 10_000 },
    )
    .toBe(3);
  const { goroutines = [], stacks = [], tipNs = null } = told ?? {};
  const sites = goroutines.map(({ now }) => {
    const frame = stacks[now?.stack ?? -1]?.find(({ func }) => func.includes('.TestSessionDeadlock'));
    return `${frame?.func.split('/').at(-1)?.replace('auth.', '') ?? ''} ${frame?.file.split('/').at(-1) ?? ''}:${frame?.line ?? 0}`;
  });
  expect(sites.sort()).toEqual([
    'TestSessionDeadlock auth_test.go:37',
    'TestSessionDeadlock.func1 auth_test.go:35',
    'TestSessionDeadlock.func2 auth_test.go:36',
  ]);
  const since = Math.max(...goroutines.map(({ now }) => now?.sinceNs ?? Infinity));
  expect(tipNs).toBeGreaterThan(since); // ages, as far as the trace reaches

  await page.goto(await pageAddress(observe.home, id));
  const run = new RunPage(page);
  await run.row('TestSessionDeadlock').click();
  await run.openTab('Goroutines');
  await expect(run.goroutines.group('TestSessionDeadlock.func1')).toContainText(/auth_test\.go:35.*waiting \d/);
  await expect(run.goroutines.group('TestSessionDeadlock.func2')).toContainText(/auth_test\.go:36.*waiting \d/);
  await expect(run.verdict).toContainText(/running/i); // all of this while it hangs
  expect((await program.ended).code).toBe(1);
});

test('observe test: what the shop does wrong is in the run’s JSON', async ({ observe }) => {
  await observe.serve();
  const args = ['test', '-count=1', '-parallel=4', '-timeout=5s', './...'];
  expect((await observe.run(args, undefined, { cwd: SHOP })).code).toBe(1);
  const { packages } = JSON.parse((await observe.run(['show', 'last', '--json'])).stdout) as Shown;
  const of = (pkg: string, name: string): Account => {
    const found = packages
      .find(({ package: path }) => path.endsWith(`/${pkg}`))
      ?.tests.find(({ test: is }) => is === name);
    expect(found?.goroutines, `${pkg} ${name}`).toBeDefined();
    return found?.goroutines as Account;
  };
  // orders: a pool of two connections for four at a time; two holders that each ask for a second
  const checkouts = Array.from({ length: 8 }, (_, i) => of('orders', `TestCheckout/cart${i}`));
  const poolNs = checkouts.map(({ own }) => own['waiting/select'] ?? 0);
  expect(poolNs.filter((ns) => ns > 10e6).length).toBeGreaterThanOrEqual(4);
  expect(of('orders', 'TestNestedTx').children['waiting/select']).toBeGreaterThan(2e9);
  // inventory: a pool of its own for each subtest, never closed
  for (let i = 0; i < 8; i++) expect(of('inventory', `TestStock/item${i}`).aliveAfterEnd).toBeGreaterThan(0);
  // payments: five goroutines left behind, one lock for three tests, a sleep
  expect(of('payments', 'TestRefundLeaks').aliveAfterEnd).toBe(5);
  expect(of('payments', 'TestSlowPoll').own['waiting/sleep']).toBeGreaterThan(0.35e9);
  const charges = ['Visa', 'Mastercard', 'Amex'].map((card) => of('payments', `TestCharge${card}`));
  const wakes = charges.flatMap(({ wokenBy = [] }) => wokenBy);
  expect(wakes.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(5);
  expect(wakes.every(({ waiter }) => waiter?.func === 'sync.(*Mutex).Lock')).toBe(true);
  // auth: neither of the two ever got its second lock
  expect(of('auth', 'TestSessionDeadlock').children['waiting/sync']).toBeGreaterThan(6e9);
});

interface Goroutines {
  readonly tipNs: number | null;
  readonly goroutines?: readonly {
    now: { reason: string; sinceNs: number | null; stack: number | null } | null;
  }[];
  readonly stacks?: readonly (readonly { func: string; file: string; line: number }[])[];
}

interface Account {
  readonly aliveAfterEnd: number;
  readonly own: Readonly<Record<string, number>>;
  readonly children: Readonly<Record<string, number>>;
  readonly wokenBy?: readonly { count: number; waiter: { func: string } | null }[];
}

interface Shown {
  readonly run: object;
  readonly packages: readonly {
    package: string;
    tests: readonly { test: string; outcome: string; goroutines?: Account }[];
  }[];
}

function isGoThere(): boolean {
  try {
    const version = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
    return Number(/^go1\.(\d+)/.exec(version)?.[1]) >= 22;
  } catch {
    return false;
  }
}
