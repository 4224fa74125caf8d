import { expect, test } from '../harness/test.ts';

test('a run is in the page while it runs, and its end when it ends', async ({ observe, page }) => {
  const latch = await observe.play('shop/go1.27/run.jsonl', { until: 'auth TestSessionDeadlock run' });
  const { id } = await latch.arrived();

  await observe.open(page, id);
  const test = page.getByRole('treeitem', { name: /^TestSessionDeadlock/ });
  await expect(test).toHaveAccessibleName(/running/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Running');

  expect(await latch.open()).toEqual({ code: 1, signal: null });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Failed');
  await expect(test).toHaveAccessibleName(/lost/);
});

test('two runs share the collector that the first of them started', async ({ observe, page }) => {
  const first = await observe.play('streams/parallel.jsonl', { args: ['--name=first'] });
  await first.arrived();
  const second = await observe.play('streams/panics.jsonl', { args: ['--name=second'] });
  await Promise.all([first.open(), second.open()]);

  await observe.open(page);
  await page.getByRole('link', { name: 'Runs' }).click();
  await expect(page.getByRole('link', { name: /first/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /second/ })).toBeVisible();
});

test('a collector in the foreground takes the runs, and stops when it is told to', async ({ observe }) => {
  const collector = await observe.serve();
  const { code, stdout } = await observe.pipe('streams/multi-p4.jsonl');
  expect(code).toBe(1);
  const [url = ''] = /http:\/\/[^/\s]+/.exec(collector.stdout()) ?? [];
  expect(stdout).toContain(`${url}/runs/`);
  expect(await collector.kill('SIGINT')).toEqual({ code: 0, signal: null });
});
