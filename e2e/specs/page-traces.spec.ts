import { recordingBytes } from '@observe/testkit';
import type { Page } from '@playwright/test';
import { bytesUntil } from '../harness/bytes-until.ts';
import { pageAddress } from '../harness/collector.ts';
import type { Observe } from '../harness/observe.ts';
import { produceShop, startProducer } from '../harness/producer.ts';
import { expect, test } from '../harness/test.ts';
import { RunPage } from '../pages/run-page.ts';

const TALL = { width: 1280, height: 1400 };

/** Opens the page on a run of the collector of this home. */
async function look(page: Page, observe: Observe, runId: string): Promise<RunPage> {
  await page.goto(await pageAddress(observe.home, runId));
  const run = new RunPage(page);
  await run.idle();
  return run;
}

test.describe('of a kept run with the traces of its packages', () => {
  test.beforeEach(async ({ observe }) => {
    await observe.serve();
  });

  test('the charts say what the goroutines did, on the axis of the lanes', async ({ observe, page }) => {
    const run = await look(page, observe, await produceShop(observe.home));
    expect(await run.charts.text()).toEqual([
      '429ms 16 goroutines: syscall 2, lock 4, channel 8, select 2; heap 7.76 MB of 15 MB',
      '1.29s 21 goroutines: syscall 2, lock 4, channel 8, select 2, other 5; heap 7.98 MB of 15 MB',
      '2.14s 23 goroutines: syscall 2, lock 3, channel 14, sleep 2, other 2; heap 7.7 MB of 15 MB',
      '3s 9 goroutines: syscall 1, lock 3, channel 3, other 2; heap 3.91 MB of 7.5 MB',
      '3.86s 9 goroutines: syscall 1, lock 3, channel 3, other 2; heap 3.91 MB of 7.5 MB',
      '4.72s 9 goroutines: syscall 1, lock 3, channel 3, other 2; heap 3.92 MB of 7.5 MB',
    ]);
    expect(await run.charts.isPainted(0.1, 0.9)).toBe(true);

    // Zoomed to TestStock: 62 goroutines, most of which sleep.
    await run.row('TestStock').click();
    await page.keyboard.press('z');
    const zoomed = await run.charts.text();
    expect(zoomed[2]).toMatch(/ms \d\d goroutines: .*sleep 4\d/);
    await page.keyboard.press('f');
    expect((await run.charts.text())[0]).toMatch(/^429ms 16 /);
  });

  test('the legend tells the moment under the pointer, over the charts and over the lanes', async ({
    observe,
    page,
  }) => {
    const run = await look(page, observe, await produceShop(observe.home));
    await expect(run.charts.value('when')).toHaveText('at the end');
    const box = await run.charts.box.boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 20);
    await run.idle();
    await expect(run.charts.value('when')).toHaveText(/^at 2\.5\d*s$/);
    await expect(run.charts.value('channel')).toHaveText('14');
    const lane = await run.timeline.place(run.row('TestSessionDeadlock'), 0.9);
    await page.mouse.move(lane.x, lane.y);
    await run.idle();
    await expect(run.charts.value('channel')).toHaveText('3');
    await expect(run.charts.value('heap')).toHaveText('3.92 MB');
  });

  test('the charts fold by their button and by G, and stay so', async ({ observe, page }) => {
    const run = await look(page, observe, await produceShop(observe.home));
    const height = async (): Promise<number> => (await run.charts.band.boundingBox())?.height ?? NaN;
    expect(await height()).toBe(96);
    await run.charts.toggle.click();
    expect(await height()).toBe(24);
    await expect(run.charts.toggle).toHaveAttribute('aria-expanded', 'false');
    await page.reload();
    await run.idle();
    expect(await height()).toBe(24);
    expect(await run.charts.isPainted(0.1, 0.9)).toBe(true);
    await page.keyboard.press('g');
    await expect(run.charts.toggle).toHaveAttribute('aria-expanded', 'true');
  });

  test('dragging over the charts chooses a range for the lanes, too', async ({ observe, page }) => {
    const run = await look(page, observe, await produceShop(observe.home));
    const box = await run.charts.box.boundingBox();
    const [x, y, width] = [box?.x ?? 0, (box?.y ?? 0) + 30, box?.width ?? 0];
    await page.mouse.move(x + width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y, { steps: 3 });
    await page.mouse.up();
    await run.idle();
    const window = run.timeline.window();
    expect((window?.fromNs ?? NaN) / 1e9).toBeCloseTo(2.0, 0);
    expect(((window?.toNs ?? NaN) - (window?.fromNs ?? NaN)) / 1e9).toBeCloseTo(0.62, 1);
    expect((await run.charts.text())[0]).toMatch(/^2\.\d+s \d+ goroutines/);
  });

  test('a deadlocked test shows who waits where, with the whole stack one click away', async ({ observe, page }) => {
    const run = await look(page, observe, await produceShop(observe.home));
    await run.row('TestSessionDeadlock').click();
    await run.openTab('Goroutines');
    const { goroutines } = run;
    await expect(goroutines.numbers).toContainText('3 goroutines');
    await expect(goroutines.numbers).toContainText('3 alive');
    const group = goroutines.group('auth.TestSessionDeadlock.func1');
    await expect(group).toContainText(
      /TestSessionDeadlock\.func1.*lock.*auth_test\.go:35 in sync\.\(\*Mutex\)\.Lock.*waiting 4\.97s/,
    );
    await group.getByRole('button', { expanded: false }).click();
    await expect(group.locator('.frames li')).toHaveText([
      /sync\.\(\*Mutex\)\.Lock/,
      /auth\.TestSessionDeadlock\.func1/,
    ]);
    await expect(group.locator('.frames .is-library')).toHaveCount(1);

    const row = goroutines.row('auth.TestSessionDeadlock.func1');
    await expect(row).toHaveAccessibleName(/lock 4\.9\ds/);
    await goroutines.lane(row).hover();
    await expect(page.locator('.tooltip:visible')).toContainText(/waiting: sync.*, 4\.9\ds/);
    await expect(page.locator('.tooltip:visible')).toContainText('auth.TestSessionDeadlock.func1  auth_test.go:35');

    await goroutines.group('auth.TestSessionDeadlock.func1').getByRole('button').first().click();
    await expect(goroutines.rows).toHaveCount(1);
    await row.click();
    await expect(page.locator('.go-stacks')).toContainText('example.com/shop/auth.TestSessionDeadlock');
  });

  test('what outlives its test is said to, and what package testing waits for is told in words', async ({
    observe,
    page,
  }) => {
    await page.setViewportSize(TALL);
    const run = await look(page, observe, await produceShop(observe.home));
    await run.row('TestRefundLeaks').click();
    await run.openTab('Goroutines');
    await expect(run.goroutines.numbers).toContainText('still alive after its end');
    await expect(run.goroutines.row('still alive').first()).toBeVisible();

    await run.row('auth').click();
    await expect(run.goroutines.group('older than the trace')).toContainText('runs the tests');
    await expect(run.goroutines.groups.getByRole('heading')).toHaveText('Package testing, the library, the runtime');
  });

  test('rows of goroutines are walked with the arrows, and a link brings the tab back', async ({ observe, page }) => {
    const run = await look(page, observe, await produceShop(observe.home));
    await run.row('orders').click();
    await run.openTab('Goroutines');
    await run.goroutines.rows.first().focus();
    await page.keyboard.press('ArrowDown');
    await expect(run.goroutines.rows.nth(1)).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(run.goroutines.rows.first()).toBeFocused();
    expect(run.view().get('tab')).toBe('goroutines');
    await page.reload();
    await run.idle();
    await expect(run.goroutines.numbers).toContainText('17 goroutines');
  });

  test('facts of a package tell its traces, how well their clocks are tied, and why one is cut', async ({
    observe,
    page,
  }) => {
    await page.setViewportSize(TALL);
    const run = await look(page, observe, await produceShop(observe.home));
    await run.row('payments').click();
    await run.openTab('Facts');
    await expect(run.details).toContainText('payments.trace execution trace 52.4 kB');
    await expect(run.details).toContainText(
      '24 goroutines, 19 at most at once. Its clock is exact by its own word, ± 1µs.',
    );
    await run.row('reports').click();
    await expect(run.details).toContainText('its last generation is cut: the process died before it was written');
  });
});

test('a file without a package stands in the run’s summary, with what is wrong with it', async ({ observe, page }) => {
  await observe.serve();
  const producer = await startProducer(observe.home, 'unplaced');
  await producer.lines(recordingBytes('streams/delayed.jsonl'));
  await producer.artifact({ id: 'noise', name: 'noise.trace', format: 'trace', state: 'growing' });
  await producer.chunk('noise', Buffer.from('this is no trace at all, and far too long to be the header of one'));
  await producer.artifact({ id: 'noise', name: 'noise.trace', format: 'trace', state: 'whole', bytes: 65 });
  await producer.artifact({
    id: 'cpu',
    name: 'cpu.out',
    format: 'pprof',
    label: 'cpu',
    state: 'cut',
    why: 'the disk was full',
  });
  await producer.end();
  producer.leave();
  const run = await look(page, observe, 'unplaced');
  await expect(run.details).toContainText('Files without a package');
  await expect(run.details).toContainText('Its clock could not be tied to the run’s');
  await expect(run.details).toContainText('at byte 0:');
  await expect(run.details).toContainText('cpu.out cpu profile');
  await expect(run.details).toContainText('the disk was full');
  await expect(run.charts.band).toBeVisible(); // there is a trace, it only says nothing
  expect(await run.charts.isPainted(0, 1)).toBe(false);
});

test('live, the charts and the goroutines grow with each generation, and say how far behind they are', async ({
  observe,
  page,
}) => {
  await observe.serve();
  const stream = recordingBytes('shop/go1.26/run.jsonl');
  const trace = recordingBytes('shop/go1.26/auth.trace');
  const producer = await startProducer(observe.home, 'live');
  await producer.host({ name: 'shop' });
  const begun = bytesUntil(stream, 'auth TestSessionDeadlock run');
  await producer.lines(stream.subarray(0, begun));
  const run = await look(page, observe, 'live');
  await expect(run.charts.band).toBeHidden();

  const facts = { id: 'trace-auth', name: 'auth.trace', format: 'trace', package: 'example.com/shop/auth' } as const;
  await producer.artifact({ ...facts, state: 'growing' });
  await expect(run.charts.band).toBeVisible();
  await run.row('TestSessionDeadlock').click();
  await run.openTab('Goroutines');
  const half = Math.floor(trace.length / 2);
  await producer.chunk('trace-auth', trace.subarray(0, half));
  await expect(run.charts.value('when')).toHaveText(/ s ago, the latest known$/);
  await expect(run.charts.value('lock')).toHaveText('3');
  await expect(run.goroutines.numbers).toContainText('3 alive');
  const before = await run.goroutines.numbers.innerText();
  const names = await run.goroutines.rows.locator('.go-name').allInnerTexts();

  await producer.chunk('trace-auth', trace.subarray(half));
  await expect(run.goroutines.numbers).not.toHaveText(before);
  expect(await run.goroutines.rows.locator('.go-name').allInnerTexts()).toEqual(names);

  await producer.artifact({ ...facts, state: 'whole', bytes: trace.length });
  await producer.lines(stream.subarray(begun));
  await producer.end(1);
  await expect(run.charts.value('when')).toHaveText('at the end');
  producer.leave();
});

test('a run without traces says how to get them, once', async ({ observe, page }) => {
  await observe.serve();
  await observe.pipe('streams/delayed.jsonl');
  await observe.open(page);
  const run = new RunPage(page);
  await run.idle();
  await expect(run.charts.band).toBeHidden();
  const hint = page.getByText('No execution traces');
  await expect(hint).toContainText('go test -json -exec "$(observe exec-path)" ./... | observe');
  await page.getByRole('button', { name: 'Do not show this again' }).click();
  await expect(hint).toBeHidden();
  await page.reload();
  await run.idle();
  await expect(hint).toBeHidden();
});

test('the charts stay while the collector is away, and are asked for anew when it is back', async ({
  observe,
  page,
}) => {
  const first = await observe.serve();
  const [, port = ''] = /http:\/\/[^/\s]*:(\d+)/.exec(first.stdout()) ?? [];
  const run = await look(page, observe, await produceShop(observe.home));
  const before = await run.charts.text();
  await first.kill('SIGKILL');
  await expect(page.getByText('Collector is away')).toBeVisible();
  await page.keyboard.press('w'); // asks what nobody answers
  await expect(run.charts.value('note')).not.toBeEmpty();
  expect(await run.charts.isPainted(0, 1)).toBe(true);
  await observe.serve([`--port=${port}`]);
  await expect(page.getByText('Collector is away')).toBeHidden();
  await expect(run.charts.value('note')).toBeEmpty();
  await page.keyboard.press('f');
  expect(await run.charts.text()).toEqual(before);
});
