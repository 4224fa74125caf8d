import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startProgram } from '../harness/program.ts';
import { expect, test } from '../harness/test.ts';

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

interface Shown {
  readonly run: object;
  readonly packages: readonly { package: string; tests: readonly { test: string; outcome: string }[] }[];
}

function isGoThere(): boolean {
  try {
    const version = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
    return Number(/^go1\.(\d+)/.exec(version)?.[1]) >= 22;
  } catch {
    return false;
  }
}
