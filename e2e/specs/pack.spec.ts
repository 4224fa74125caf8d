import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordingBytes } from '@observe/testkit';
import { startProgram } from '../harness/program.ts';
import { expect, test } from '../harness/test.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const isWindows = process.platform === 'win32';

test('npm pack gives one tarball that installs globally by itself, and does the main job, page included', async ({
  observe,
  page,
}) => {
  const folder = join(observe.home, 'pack');
  mkdirSync(folder);
  const tarball = (await npm('pack', '--silent', '--ignore-scripts', '--pack-destination', folder)).trim();
  expect(tarball).toBe('gotest-observe-0.1.0.tgz');
  const prefix = join(folder, 'prefix');
  await npm('install', '--silent', '--offline', '--global', '--prefix', prefix, join(folder, tarball));
  expect(existsSync(join(prefix, isWindows ? '' : 'lib', 'node_modules/gotest-observe/node_modules'))).toBe(false);

  const installed = join(prefix, isWindows ? 'observe.cmd' : 'bin/observe');
  const run = async (args: readonly string[], input: string | Uint8Array = ''): Promise<[number | null, string]> => {
    const program = startProgram(installed, args, { env: observe.env, cwd: folder });
    program.stdin.end(input);
    return [(await program.ended).code, program.stdout()];
  };
  expect(await run(['--help'])).toEqual([0, expect.stringContaining('go test -json ./... | observe')]);
  expect(await run([], recordingBytes('streams/parallel.jsonl'))).toEqual([1, expect.stringContaining('/runs/')]);
  const [, url] = await run(['open', 'last', '--print']);
  await page.goto(url.trim());
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Failed');
});

/** Runs npm in the repository; what it printed on stdout. */
async function npm(...args: readonly string[]): Promise<string> {
  const program = startProgram(isWindows ? 'npm.cmd' : 'npm', args, { cwd: ROOT });
  const { code } = await program.ended;
  if (code !== 0) throw new Error(`npm ${args.join(' ')}: exit code ${code}\n${program.stderr()}`);
  return program.stdout();
}
