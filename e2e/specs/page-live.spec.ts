import { ask, runsOf } from '../harness/collector.ts';
import { expect, test } from '../harness/test.ts';
import { RunListPage } from '../pages/run-list-page.ts';
import { RunPage } from '../pages/run-page.ts';

const SHOP = 'shop/go1.27/run.jsonl';

test('tests appear in the page while they run, each with what it does right now', async ({ observe, page }) => {
  const latch = await observe.play(SHOP, { until: 'orders TestCheckout/cart0 run' });
  const { id } = await latch.arrived();
  await observe.open(page, id);
  const run = new RunPage(page);
  await expect(run.row('cart0')).toHaveAccessibleName(/running/);
  await expect(run.row('cart7')).toHaveCount(0);
  await expect(run.header.getByText('live', { exact: true })).toBeVisible();
  await expect(run.details.getByRole('heading', { name: 'Running now' })).toBeVisible();

  await latch.to('orders TestCheckout/cart7 run');
  await expect(run.row('cart7')).toHaveAccessibleName(/running/);
  await latch.to('orders TestCheckout/cart7 pass');
  await expect(run.row('cart7')).toHaveAccessibleName(/passed/);
  await page.setViewportSize({ width: 1280, height: 1080 });
  expect(await run.timeline.text()).toMatch(/TestCheckout\/cart7 pass: running [^,]+, paused/);

  expect((await latch.open()).code).toBe(1);
  await expect(run.verdict).toHaveText('Failed');
  await expect(run.header.getByTitle('From the first to the last event')).toHaveText('5.02s');
  await expect(run.header.getByText('live', { exact: true })).toBeHidden();
});

test('the output of a running test grows, and stays at its end until one scrolls up', async ({ observe, page }) => {
  const latch = await observe.play('streams/interleave.jsonl', { until: 'interleave TestI3 cont' });
  await observe.open(page, (await latch.arrived()).id);
  const run = new RunPage(page);
  await run.row('TestI3').click();
  await expect(run.output.line('=== PAUSE TestI3')).toBeVisible();
  await latch.to('interleave TestI3 pass');
  await expect(run.output.line('I3 tlog 19')).toBeInViewport();
  await expect(run.output.line('=== PAUSE TestI3')).toHaveCount(0); // far above
});

test('zooming in at the end of a live run follows it; looking elsewhere lets go, and a button goes back', async ({
  observe,
  page,
}) => {
  const latch = await observe.play(SHOP, { until: 'auth TestSessionDeadlock run' });
  await observe.open(page, (await latch.arrived()).id);
  const run = new RunPage(page);
  const follow = page.getByRole('button', { name: 'Follow live' });
  await run.idle();
  await page.keyboard.press('w');
  await expect.poll(() => run.view().get('t')).toMatch(/^live:\d+$/);
  await expect(follow).toBeHidden();
  for (let i = 0; i < 4; i++) await page.keyboard.press('a');
  await expect.poll(() => run.view().get('t')).toMatch(/^\d+:\d+$/);
  await follow.click();
  await expect.poll(() => run.view().get('t')).toMatch(/^live:\d+$/);
});

test('the list shows live runs first, and what becomes of them', async ({ observe, page }) => {
  await observe.pipe('streams/parallel.jsonl', ['--name=done']);
  await observe.open(page);
  await page.getByRole('link', { name: 'Runs' }).click();
  const list = new RunListPage(page);
  await expect(list.rows).toHaveCount(1);

  const latch = await observe.play('streams/fuzz-seed.jsonl', { args: ['--name=going on'] });
  await latch.arrived();
  await expect(list.rows).toHaveCount(2);
  await expect(list.rows.first()).toContainText('going on');
  await expect(list.rows.first()).toContainText('Running');
  await expect(list.rows.last()).toContainText('Failed');
  await latch.open();
  await expect(list.row('going on')).toContainText('Passed');

  await list.open('done');
  await expect(new RunPage(page).verdict).toHaveText('Failed');
});

test('a list without runs says how to begin', async ({ observe, page }) => {
  await observe.pipe('streams/parallel.jsonl');
  await observe.open(page);
  const [run] = await runsOf(observe.home);
  await page.getByRole('link', { name: 'Runs' }).click();
  const list = new RunListPage(page);
  await expect(list.rows).toHaveCount(1);
  await ask(observe.home, `/api/runs/${run?.id}`, 'DELETE');
  await expect(page.getByText('No runs yet')).toBeVisible();
  await expect(page.getByText('go test -json ./... | observe')).toBeVisible();
});

test('a page that loses its collector says so, goes on when it is back, and shows what it missed', async ({
  observe,
  page,
}) => {
  const first = await observe.serve();
  const [url = '', port = ''] = /http:\/\/[^/\s]*:(\d+)/.exec(first.stdout()) ?? [];
  const latch = await observe.play(SHOP, { until: 'orders TestNestedTx run', args: [`--collector=${url}`] });
  await observe.open(page, (await latch.arrived()).id);
  const run = new RunPage(page);
  await expect(run.row('TestNestedTx')).toHaveAccessibleName(/running/);

  await first.kill('SIGKILL');
  await expect(page.getByRole('status')).toContainText('Collector is away');
  await expect(run.row('TestNestedTx')).toHaveAccessibleName(/running/); // what is known stays
  await latch.to('reports TestAssertPluginGoexit/assert fail');
  await observe.serve([`--port=${port}`]);
  await expect(page.getByText('Collector is away')).toBeHidden();
  await expect(run.row('TestNestedTx')).toHaveAccessibleName(/failed/);
  await latch.open();
  await expect(run.verdict).toHaveText('Failed');
  await expect(run.header).toContainText('30 tests in 6 packages');
});

test('a run whose CLI was killed is called lost when nobody comes back for it, and so are its tests', async ({
  observe,
  page,
}) => {
  await observe.collect(['--grace-ms=200']);
  const latch = await observe.play(SHOP, { until: 'orders TestNestedTx run' });
  await observe.open(page, (await latch.arrived()).id);
  const run = new RunPage(page);
  await expect(run.verdict).toHaveText('Running');
  await latch.program.kill('SIGKILL');
  await expect(run.verdict).toHaveText('Lost');
  await expect(run.row('TestNestedTx')).toHaveAccessibleName(/lost/);
  await run.row('TestNestedTx').click();
  await run.openTab('Facts');
  await expect(run.fact('Why')).toContainText('The stream stopped before it ended.');
});

test('a browser that nobody let in is told how to come in', async ({ observe, page, browser }) => {
  await observe.pipe('streams/parallel.jsonl');
  await observe.open(page);
  const stranger = await browser.newContext();
  const other = await stranger.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('heading')).toHaveText('This browser has no key to the collector');
  await expect(other.getByText('observe open last')).toBeVisible();
  await stranger.close();
});

test('a run that is not there, and one that is deleted while it is shown, are each said in a sentence', async ({
  observe,
  page,
}) => {
  await observe.pipe('streams/parallel.jsonl');
  await observe.open(page);
  const run = new RunPage(page);
  await expect(run.verdict).toHaveText('Failed');
  const [{ id } = { id: '' }] = await runsOf(observe.home);
  await ask(observe.home, `/api/runs/${id}`, 'DELETE');
  await expect(page.getByText('This run has been deleted')).toBeVisible();
  await expect(run.row('TestSkip')).toBeVisible(); // one may still read it
  await page.reload();
  await expect(page.getByRole('heading', { name: 'There is no such run' })).toBeVisible();
});
