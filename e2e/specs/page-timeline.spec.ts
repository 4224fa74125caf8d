import { expect, fromEachSource, test } from '../harness/page-test.ts';
import type { RunPage } from '../pages/run-page.ts';
import type { TimeWindow } from '../pages/timeline-part.ts';

const SHOP = 'shop/go1.27/run.jsonl';
const TALL = { width: 1280, height: 1400 };

fromEachSource(() => {
  test('each lane shows what its test did when, with the end that it printed and not the one Go told', async ({
    look,
  }) => {
    const run = await look('streams/delayed.jsonl');
    // Go reports TestQuick at 1.5 s. It had printed `--- PASS` 50 ms after it began.
    expect((await run.timeline.text()).split('\n')).toEqual([
      'example.com/rec/delayed pass 0ns–1.5s',
      '  TestQuick pass: running 2.49ms–2.56ms, paused 2.56ms–2.58ms, running 2.58ms–52.9ms, ended 52.9ms–1.5s',
      '  TestSilentLong pass: running 2.56ms–2.57ms, paused 2.57ms–2.58ms, queued 2.58ms–2.58ms, running 2.58ms–1.5s, ended 1.5s–1.5s',
    ]);
  });

  test('a test that hung is torn where its process died; one that never got a slot says so', async ({ look }) => {
    const run = await look('streams/hang-timeout.jsonl');
    expect((await run.timeline.text()).split('\n')).toEqual([
      'example.com/rec/hang fail 0ns–1.01s',
      '  TestOK pass: running 2.99ms–3.1ms, ended 3.1ms–3.1ms',
      '  TestHangMutex lost: running 3.11ms–3.12ms, paused 3.12ms–3.18ms, running 3.18ms–1.01s, torn',
      '  TestHangChan never-started: running 3.12ms–3.12ms, paused 3.12ms–3.18ms, queued 3.18ms–1.01s',
      '  TestSleepy never-started: running 3.13ms–3.13ms, paused 3.13ms–3.18ms, queued 3.18ms–1.01s',
      '  TestSelect lost: running 3.14ms–3.17ms, paused 3.17ms–3.18ms, queued 3.18ms–3.18ms, running 3.18ms–1.01s, torn',
    ]);
  });

  test('a whole suite reads the same wherever it comes from', async ({ look }) => {
    for (const [recording, golden] of [
      [SHOP, 'shop.txt'],
      ['streams/parallel.jsonl', 'parallel.txt'],
    ] as const) {
      const run = await look(recording);
      await run.page.setViewportSize(TALL);
      expect((await run.timeline.text()) + '\n').toMatchSnapshot(golden);
    }
  });

  test('a stream without times says why there are no lanes', async ({ look }) => {
    const lines = [{ Action: 'run', Test: 'TestA' }, { Action: 'pass', Test: 'TestA' }, { Action: 'pass' }];
    const run = await look({ name: 'no-time.jsonl', bytes: () => lines.map((l) => JSON.stringify(l) + '\n').join('') });
    await expect(run.timeline.lanes).toContainText('No event of this stream has a Time');
    await expect(run.row('TestA')).toHaveAccessibleName(/passed/);
  });

  test('keys zoom, pan and fit; the address keeps step', async ({ look }) => {
    const run = await look(SHOP);
    const { timeline, page } = run;
    const whole = await timeline.picture();
    const at: TimeWindow[] = [];
    for (const key of ['w', 'w', 'd', 'a', 's']) {
      await page.keyboard.press(key);
      at.push(await settled(run, at.at(-1)));
    }
    const [once, twice, right, left, back] = at.map((window) => window ?? { fromNs: NaN, toNs: NaN });
    expect(spanOf(twice) / spanOf(once)).toBeCloseTo(0.7, 3);
    expect(middleOf(twice)).toBeCloseTo(middleOf(once), -3);
    expect(((right?.fromNs ?? NaN) - (twice?.fromNs ?? NaN)) / spanOf(twice)).toBeCloseTo(0.15, 3);
    expect(left).toEqual(twice);
    expect(spanOf(back)).toBeCloseTo(spanOf(once), -3);
    expect(await timeline.picture()).not.toBe(whole);
    await page.keyboard.press('f');
    expect(await settled(run, back)).toBeUndefined();
    expect(await timeline.picture()).toBe(whole);
  });

  test('with the focus on the lanes the arrows pan; in a field the letters are letters', async ({ look }) => {
    const run = await look(SHOP);
    await run.page.keyboard.press('w');
    const before = await settled(run, undefined);
    await run.timeline.lanes.press('ArrowRight');
    expect((await settled(run, before))?.fromNs).toBeGreaterThan(before?.fromNs ?? NaN);
    await run.timeline.lanes.press('ArrowLeft');
    await run.idle();
    expect(run.timeline.window()).toEqual(before);
    await run.search.pressSequentially('wasd');
    await run.idle();
    expect(run.view().get('q')).toBe('wasd');
    expect(run.timeline.window()).toEqual(before);
  });

  test('Ctrl and the wheel zoom at the pointer: what is under it stays there', async ({ look }) => {
    const run = await look(SHOP);
    await run.page.keyboard.press('w');
    const before = await settled(run, undefined);
    await point(run, 0.25);
    await run.page.keyboard.down('Control');
    await run.page.mouse.wheel(0, -300);
    await run.page.keyboard.up('Control');
    const after = await settled(run, before);
    expect(spanOf(after)).toBeLessThan(spanOf(before) * 0.6);
    expect(momentAt(after, 0.25) / momentAt(before, 0.25)).toBeCloseTo(1, 2);
  });

  test('Shift and the wheel pan; the plain wheel scrolls the rows and leaves time alone', async ({ look }) => {
    const run = await look(SHOP);
    await run.page.keyboard.press('w');
    const before = await settled(run, undefined);
    await point(run, 0.5);
    await run.page.keyboard.down('Shift');
    await run.page.mouse.wheel(0, 200);
    await run.page.keyboard.up('Shift');
    const after = await settled(run, before);
    expect(after?.fromNs).toBeGreaterThan(before?.fromNs ?? NaN);
    expect(spanOf(after)).toBeCloseTo(spanOf(before), -3);
    await run.page.mouse.wheel(0, 400);
    await expect(run.row('auth')).not.toBeInViewport();
    await run.idle();
    expect(run.timeline.window()).toEqual(after);
  });

  test('dragging the lanes pans, dragging the axis chooses a range, a double click there fits', async ({ look }) => {
    const run = await look(SHOP);
    await run.page.keyboard.press('w');
    const before = await settled(run, undefined);
    await drag(run, await run.timeline.place(run.row('TestToken'), 0.5), -0.1);
    const dragged = await settled(run, before);
    expect(((dragged?.fromNs ?? NaN) - (before?.fromNs ?? NaN)) / spanOf(before)).toBeCloseTo(0.1, 2);

    const head = await run.timeline.head.boundingBox();
    if (head === null) throw new Error('no head');
    await drag(run, { x: head.x + head.width * 0.4, y: head.y + head.height - 8 }, 0.2);
    const chosen = await settled(run, dragged);
    expect(spanOf(chosen) / spanOf(dragged)).toBeCloseTo(0.24, 2); // a tenth of the range lies free on either side
    await run.timeline.head.dblclick({ position: { x: 20, y: head.height - 8 } });
    expect(await settled(run, chosen)).toBeUndefined();
  });

  test('a click on a lane chooses its test, a double click and Z bring it to the whole width', async ({ look }) => {
    const run = await look(SHOP);
    const { x, y } = await run.timeline.place(run.row('TestSessionDeadlock'), 0.5);
    await run.page.mouse.click(x, y);
    await expect(run.title).toHaveAccessibleName('TestSessionDeadlock lost');
    await expect(run.row('TestSessionDeadlock')).toHaveAttribute('aria-selected', 'true');
    await run.row('TestStock').click();
    await run.page.keyboard.press('z');
    const window = await settled(run, undefined);
    // 26.8 ms – 58.6 ms, and a tenth of that on either side.
    expect((window?.fromNs ?? NaN) / 1e6).toBeCloseTo(23.6, 0);
    expect((window?.toNs ?? NaN) / 1e6).toBeCloseTo(61.8, 0);
    const other = await run.timeline.place(run.row('TestToken'), 0.1);
    await run.page.mouse.dblclick(other.x, other.y);
    expect(middleOf(await settled(run, window)) / 1e6).toBeCloseTo(20.2, 0); // 9.8 ms – 30.6 ms
  });

  test('the pointer is told what a test was doing there', async ({ look }) => {
    const run = await look('streams/hang-timeout.jsonl');
    const { x, y } = await run.timeline.place(run.row('TestHangChan'), 0.5);
    await run.page.mouse.move(x, y);
    const tooltip = run.page.locator('.tooltip');
    await expect(tooltip).toContainText('TestHangChan');
    await expect(tooltip).toContainText('never started');
    await expect(tooltip).toContainText('queued: in t.Parallel; waits for a -parallel slot');
  });
});

const spanOf = (window: TimeWindow): number => (window === undefined ? NaN : window.toNs - window.fromNs);
const middleOf = (window: TimeWindow): number => momentAt(window, 0.5);
const momentAt = (window: TimeWindow, share: number): number => (window?.fromNs ?? NaN) + share * spanOf(window);

/** The window once all that was done has come to rest; it must be another one than before. */
async function settled(run: RunPage, before: TimeWindow): Promise<TimeWindow> {
  await run.idle();
  expect(run.timeline.window()).not.toEqual(before);
  return run.timeline.window();
}

/** Puts the pointer over the lanes. */
async function point(run: RunPage, share: number): Promise<void> {
  const { x, y } = await run.timeline.place(run.row('TestToken'), share);
  await run.page.mouse.move(x, y);
}

/** Drags sideways by a share of the lanes' width. */
async function drag(run: RunPage, { x, y }: { x: number; y: number }, share: number): Promise<void> {
  const width = (await run.timeline.lanes.boundingBox())?.width ?? NaN;
  await run.page.mouse.move(x, y);
  await run.page.mouse.down();
  await run.page.mouse.move(x + share * width, y, { steps: 5 });
  await run.page.mouse.up();
}
