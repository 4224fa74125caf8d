import { expect, fromEachSource, test } from '../harness/page-test.ts';

const HANG = 'streams/hang-timeout.jsonl';

fromEachSource(() => {
  test('the dumps of a hang say for each test where it stands and what it waits for', async ({ look }) => {
    const run = await look(HANG);
    const { details } = run;
    for (const [test, bucket] of [
      ['TestHangMutex', '#5 sync.Mutex.Lock example.com/rec/hang.TestHangMutex x_test.go:4 TestHangMutex'],
      ['TestSelect', '#8 sync.WaitGroup.Wait example.com/rec/hang.TestSelect x_test.go:7 TestSelect'],
    ] as const) {
      await run.row(test).click();
      await run.openTab('Dumps');
      await expect(details.getByRole('heading', { level: 3 })).toContainText('test timed out after 1s');
      await expect(details).toContainText(
        'Running when the alarm rang, as Go lists them: TestHangMutex 1s, TestSelect 1s',
      );
      // Its own goroutine comes first, and open.
      const first = details.getByRole('list').first().getByRole('button').first();
      await expect(first).toHaveAccessibleName(bucket);
      await expect(first).toHaveAttribute('aria-expanded', 'true');
    }
  });

  test('a goroutine opens to its stack; those of testing are folded away; the text itself is there', async ({
    look,
  }) => {
    const run = await look(HANG);
    await run.row('example.com/rec/hang').click();
    await run.openTab('Dumps');
    const frame = run.details.getByText('internal/sync.runtime_SemacquireMutex', { exact: true });
    await expect(frame).toBeHidden();
    await run.details.getByRole('button', { name: /sync\.Mutex\.Lock/ }).click();
    await expect(frame).toBeVisible();
    await expect(run.details.getByText('4 goroutines of testing and the runtime')).toBeVisible();
    await run.details.getByText('As it was printed').click();
    await expect(run.details.locator('pre')).toContainText('goroutine 5 [sync.Mutex.Lock]:');
  });

  test('a panic is told of the test whose goroutine died, not of the one that Go named', async ({ look }) => {
    const run = await look('streams/bgpanic.jsonl');
    await run.row('TestInnocent').click();
    await run.openTab('Dumps');
    await expect(run.details).toContainText('The goroutine that died works for TestLeaker');
    await expect(run.details).toContainText('Go printed it as output of TestInnocent, which only happened to run.');
  });

  test('a race shows both accesses and how their goroutines came to be', async ({ look }) => {
    const run = await look('streams/race.jsonl');
    await run.rows.filter({ hasText: 'race' }).nth(1).click();
    await run.openTab('Dumps');
    await expect(run.details.getByRole('heading', { name: 'data race' })).toHaveCount(2);
    await expect(run.details.getByRole('heading', { level: 4, name: /by goroutine \d+$/ })).toHaveCount(4);
  });

  test('what is not Go’s word is said in words: why a test has no end, and when one really ended', async ({ look }) => {
    const run = await look(HANG);
    await run.row('TestHangChan').click();
    await run.openTab('Facts');
    await expect(run.fact('Outcome')).toHaveText('never started');
    await expect(run.fact('Why')).toContainText('The -timeout alarm ended its process. panic: test timed out after 1s');
    await expect(run.fact('Closed')).toContainText('with its package; its own end is not known');
    await expect(run.details).toContainText('Not Go’s word');
    await expect(run.details).toContainText('The process died before the test ended: lost, or never started');

    const late = await look('streams/delayed.jsonl');
    await late.row('TestQuick').click();
    await late.openTab('Facts');
    await expect(late.fact('Ended')).toContainText(/^52\.9ms .*the moment of its result line$/);
    await expect(late.fact('Reported')).toContainText('1.45s after it had ended: Go reports parallel tests late');
    await expect(late.fact('Wall time')).toHaveText('50.5ms');
  });

  test('attributes, artifacts and repeated names are facts', async ({ look }) => {
    const run = await look('streams/attrs-artifacts.jsonl');
    await run.page.keyboard.press('End');
    await run.rows.nth(1).click();
    await run.openTab('Facts');
    await expect(run.fact('Outcome')).toHaveText('passed');
    await expect(run.details.getByRole('heading', { name: 'Attributes' })).toBeVisible();

    const counted = await look('streams/count3.jsonl');
    await counted.rows.filter({ hasText: '×3' }).first().click();
    await counted.openTab('Facts');
    await expect(counted.fact('Occurrence')).toContainText(/^3 of this name in this run/);
  });

  test('the details can be hidden, and come back', async ({ look }) => {
    const run = await look(HANG);
    await run.details.getByRole('button', { name: 'Hide this pane' }).click();
    await expect(run.details).toBeHidden();
    await run.page.getByRole('button', { name: 'Details' }).click();
    await expect(run.details).toBeVisible();
  });

  test('a phone has one column, with the timeline a switch away', async ({ look }) => {
    const run = await look(HANG);
    await run.page.setViewportSize({ width: 390, height: 800 });
    await expect(run.verdict).toBeInViewport();
    await expect(run.row('TestOK')).toBeInViewport();
    await expect(run.timeline.lanes).toBeHidden();
    await run.page.getByRole('button', { name: 'Timeline' }).click();
    await expect(run.timeline.lanes).toBeVisible();
    await run.idle();
    const overflow = await run.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
