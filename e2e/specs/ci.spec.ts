import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { recordingBytes } from '@observe/testkit';
import { expect, test } from '../harness/test.ts';
import { RunPage } from '../pages/run-page.ts';

const CI = { env: { CI: 'true' } };

test('in CI no collector is started: the run is kept, a plain summary is printed, and the exit code tells', async ({
  observe,
}) => {
  const ends = [];
  for (const input of [recordingBytes('streams/fuzz-seed.jsonl'), recordingBytes('shop/go1.27/run.jsonl'), ''])
    ends.push(await observe.run([], input, CI));
  expect(ends.map(({ code }) => code)).toEqual([0, 1, 2]);
  const [passed, failed, empty] = ends;
  expect(passed?.stdout).toContain('PASSED');
  expect(failed?.stdout).toContain('Tests  8 failed, 1 lost, 21 passed of 30');
  expect(failed?.stdout).toContain('TestNestedTx');
  expect(empty?.stderr).toContain('nothing to read');
  for (const { stdout, stderr } of ends) {
    expect(stdout + stderr).not.toContain('\u001b');
    expect(stdout + stderr).not.toContain('http://');
  }
  expect(readdirSync(observe.home)).not.toContain('collector.json');
  expect(existsSync(join(observe.home, 'log'))).toBe(false);

  const { stdout } = await observe.run(['runs', '--json'], '', CI);
  const { runs } = JSON.parse(stdout) as { runs: { verdict: string }[] };
  expect(runs.map(({ verdict }) => verdict).sort()).toEqual(['failed', 'passed']);
});

test('what CI recorded becomes one file, which opens anywhere without a network', async ({
  observe,
  page,
  context,
}) => {
  await observe.run([], recordingBytes('shop/go1.27/run.jsonl'), CI);
  const { code, stdout } = await observe.run(['snapshot', 'last', '-o', 'run.html'], '', CI);
  expect([code, stdout]).toEqual([0, 'run.html\n']);
  expect(readdirSync(observe.home)).not.toContain('collector.json');
  await context.setOffline(true);
  await page.goto(pathToFileURL(join(observe.home, 'run.html')).href);
  const run = new RunPage(page);
  await expect(run.verdict).toHaveText('Failed');
  await run.row('TestNestedTx').click();
  await expect(run.output.line('context deadline exceeded').first()).toBeVisible();
});

test('--collector says otherwise than CI: auto starts one there, none starts none elsewhere', async ({ observe }) => {
  const alone = await observe.pipe('streams/parallel.jsonl', ['--collector=none']);
  expect(alone.stdout).not.toContain('http://');
  expect(existsSync(join(observe.home, 'collector.json'))).toBe(false);
  const served = await observe.run(['--collector=auto'], recordingBytes('streams/parallel.jsonl'), CI);
  expect(served.stdout).toMatch(/Page\s+http:\/\//);
  expect(existsSync(join(observe.home, 'collector.json'))).toBe(true);
});
