import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from '../harness/program.ts';
import { expect, test } from '../harness/test.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const isWindows = process.platform === 'win32';

test('npm pack gives one tarball that installs globally without anything else, and brings the page', async ({
  observe,
}) => {
  const folder = join(observe.home, 'pack');
  mkdirSync(folder);
  const tarball = await npm('pack', '--silent', '--ignore-scripts', '--pack-destination', folder);
  expect(tarball.trim()).toBe('gotest-observe-0.1.0.tgz');

  const prefix = join(folder, 'prefix');
  await npm('install', '--silent', '--offline', '--global', '--prefix', prefix, join(folder, tarball.trim()));
  const installed = join(prefix, isWindows ? '' : 'lib', 'node_modules');
  expect(readFileSync(join(installed, 'gotest-observe/apps/web/dist/index.html'), 'utf8')).toContain('<script');
  expect(existsSync(join(installed, 'gotest-observe/node_modules'))).toBe(false);

  const program = join(prefix, isWindows ? 'observe.cmd' : 'bin/observe');
  const help = startProgram(program, ['--help'], { env: { ...process.env, OBSERVE_HOME: observe.home } });
  expect(await help.ended).toEqual({ code: 0, signal: null });
  expect(help.stdout()).toContain('go test -json ./... | observe');
});

/** Runs npm in the repository; what it printed on stdout. */
async function npm(...args: readonly string[]): Promise<string> {
  const program = startProgram(isWindows ? 'npm.cmd' : 'npm', args, { cwd: ROOT });
  const { code } = await program.ended;
  if (code !== 0) throw new Error(`npm ${args.join(' ')}: exit code ${code}\n${program.stderr()}`);
  return program.stdout();
}
