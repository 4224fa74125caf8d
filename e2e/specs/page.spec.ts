import { expect, fromEachSource, test } from '../harness/page-test.ts';
import { RunPage } from '../pages/run-page.ts';

const SHOP = 'shop/go1.27/run.jsonl';
const PARALLEL = 'streams/parallel.jsonl';

fromEachSource(() => {
  test('the header says the verdict, how much there was, what became of it and how long it took', async ({ look }) => {
    const run = await look(SHOP);
    await expect(run.verdict).toHaveText('Failed');
    await expect(run.header).toContainText('30 tests in 6 packages');
    for (const count of ['8 failed', '1 lost', '21 passed']) await expect(run.header.getByTitle(count)).toBeVisible();
    await expect(run.header.getByTitle('From the first to the last event')).toHaveText('5.02s');
    await expect(run.page).toHaveTitle(/^✕ .* · observe$/);
  });

  test('the tree holds packages, tests and subtests, each with its outcome in words and its time', async ({ look }) => {
    const run = await look(PARALLEL);
    await expect(run.tree).toMatchAriaSnapshot(`
      - tree "Tests":
        - treeitem "example.com/rec/parallel failed 2 ✕ 14 147ms" [expanded] [level=1]
        - treeitem "TestSerialA passed 30.6ms" [level=2]
        - treeitem "TestParA passed 63.6ms" [level=2]
        - treeitem "TestParB passed 93.9ms" [level=2]
        - treeitem "TestGroup passed 109ms" [expanded] [level=2]
        - treeitem "x passed 15.2ms" [level=3]
        - treeitem "y passed 108ms" [level=3]
        - treeitem "z_w passed 108ms" [level=3]
        - treeitem "a/b passed 92.4ms" [level=3]
        - treeitem "ü☺ passed 77.1ms" [level=3]
        - treeitem "TestSkip skipped 10.3µs" [level=2]
        - treeitem "TestFailSub failed 1.32ms" [expanded] [level=2]
        - treeitem "ok passed 148µs" [level=3]
        - treeitem "bad failed 91.3µs" [level=3]
        - treeitem "bad#01 passed 513µs" [level=3]
    `);
  });

  test('a chip shows only its outcome, with the parents that lead there; two chips show both', async ({ look }) => {
    const run = await look(PARALLEL);
    await run.chip('skipped').click();
    await expect(run.chip('skipped')).toHaveAttribute('aria-pressed', 'true');
    expect(await run.names()).toEqual(['example.com/rec/parallel', 'TestSkip']);
    await run.chip('failed').click();
    expect(await run.names()).toEqual(['example.com/rec/parallel', 'TestSkip', 'TestFailSub', 'bad']);
    await run.page.getByRole('button', { name: 'Clear the filter' }).click();
    await expect(run.rows).toHaveCount(15);
  });

  test('search finds tests by a part of their name, says when there is none, and Escape ends it', async ({ look }) => {
    const run = await look(SHOP);
    await run.page.keyboard.press('/');
    await expect(run.search).toBeFocused();
    await run.page.keyboard.type('cart3');
    expect(await run.names()).toEqual(['orders', 'TestCheckout', 'cart3']);
    await run.search.fill('no such test');
    await expect(run.rows).toHaveCount(0);
    await expect(run.page.getByText('Nothing matches')).toBeVisible();
    await run.search.press('Escape');
    await expect(run.row('auth')).toBeVisible();
  });

  test('the tree sorts by duration and by name', async ({ look }) => {
    const run = await look('streams/hang-timeout.jsonl');
    const sort = run.page.getByRole('combobox', { name: 'Sort by' });
    const tests = async (): Promise<string[]> => (await run.names()).slice(1);
    expect(await tests()).toEqual(['TestOK', 'TestHangMutex', 'TestHangChan', 'TestSleepy', 'TestSelect']);
    await sort.selectOption('Name');
    expect(await tests()).toEqual(['TestHangChan', 'TestHangMutex', 'TestOK', 'TestSelect', 'TestSleepy']);
    await sort.selectOption('Duration');
    expect((await tests()).at(-1)).toBe('TestOK');
  });

  test('the arrows walk, close and open; Home and End go to the ends; what is chosen is told below', async ({
    look,
  }) => {
    const run = await look(PARALLEL);
    const chosen = run.tree.getByRole('treeitem', { selected: true });
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await run.tree.press(key);
    };
    await expect(run.title).toHaveAccessibleName('The run');
    await press('ArrowDown', 'ArrowDown');
    await expect(run.title).toHaveAccessibleName('TestSerialA passed');
    await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight');
    await expect(chosen).toHaveAccessibleName(/^x passed/);
    await press('ArrowLeft');
    await expect(chosen).toHaveAccessibleName(/^TestGroup passed/);
    await press('ArrowLeft');
    await expect(chosen).toHaveAttribute('aria-expanded', 'false');
    await expect(run.rows).toHaveCount(10);
    await press('Enter');
    await expect(run.rows).toHaveCount(15);
    await press('End');
    await expect(run.title).toHaveAccessibleName('TestFailSub/bad#01 passed');
    await press('Home');
    await expect(run.title).toHaveAccessibleName('example.com/rec/parallel failed');
    await press('Escape');
    await expect(run.title).toHaveAccessibleName('The run');
  });

  test('N and P walk through what failed or was lost, around the end', async ({ look }) => {
    const run = await look(PARALLEL);
    for (const [key, name] of [
      ['n', 'TestFailSub'],
      ['n', 'TestFailSub/bad'],
      ['n', 'TestFailSub'],
      ['p', 'TestFailSub/bad'],
    ] as const) {
      await run.page.keyboard.press(key);
      await expect(run.title).toHaveAccessibleName(`${name} failed`);
    }
  });

  test('a mouse opens and closes, one or all', async ({ look }) => {
    const run = await look(SHOP);
    await run.page.getByRole('button', { name: 'Collapse all' }).click();
    expect(await run.names()).toEqual(['auth', 'fakedb', 'inventory', 'orders', 'payments', 'reports']);
    await run.row('reports').locator('.twisty').click();
    await expect(run.row('TestAssertPluginGoexit')).toBeVisible();
    await run.row('reports').dblclick();
    await expect(run.row('TestAssertPluginGoexit')).toBeHidden();
    await run.page.getByRole('button', { name: 'Expand all' }).click();
    await expect(run.row('cart0')).toBeVisible();
  });

  test('without a selection the page tells what went wrong, and leads there', async ({ look }) => {
    const run = await look(SHOP);
    const trouble = run.details.getByRole('listitem');
    await expect(trouble.first()).toContainText('panic: test timed out after 5s (1 lost)');
    await trouble.filter({ hasText: 'TestNestedTx orders' }).first().click();
    await expect(run.row('TestNestedTx')).toHaveAttribute('aria-selected', 'true');
    await expect(run.row('TestNestedTx')).toBeInViewport();
    await expect(run.output.line('context deadline exceeded').first()).toBeVisible();
  });

  test('a link shows in a new page what this one shows: selection, filter, search, sort, tab and window', async ({
    look,
    context,
  }) => {
    const run = await look(SHOP);
    await run.chip('lost').click();
    await run.search.fill('Test');
    await run.page.getByRole('combobox', { name: 'Sort by' }).selectOption('Name');
    await run.row('TestSessionDeadlock').click();
    await run.openTab('Facts');
    await run.page.keyboard.press('z');
    await run.page.keyboard.press('w');
    await run.idle();
    expect(Object.fromEntries(run.view())).toEqual({
      v: '1',
      pkg: 'example.com/shop/auth',
      test: 'TestSessionDeadlock',
      tab: 'facts',
      show: 'lost',
      q: 'Test',
      sort: 'name',
      t: expect.stringMatching(/^\d+:\d+$/) as unknown,
    });

    const copy = new RunPage(await context.newPage());
    await copy.page.goto(run.page.url());
    await copy.idle();
    expect(await copy.names()).toEqual(['auth', 'TestSessionDeadlock']);
    await expect(copy.chip('lost')).toHaveAttribute('aria-pressed', 'true');
    await expect(copy.row('TestSessionDeadlock')).toHaveAttribute('aria-selected', 'true');
    await expect(copy.details.getByRole('tab', { selected: true })).toHaveText('Facts');
    expect(await copy.timeline.picture()).toBe(await run.timeline.picture());
    expect(copy.page.url()).toBe(run.page.url());
  });

  test('back returns to what was chosen before', async ({ look }) => {
    const run = await look(PARALLEL);
    await run.row('TestSkip').click();
    await expect(run.title).toHaveAccessibleName('TestSkip skipped');
    await run.page.goBack();
    await expect(run.title).toHaveAccessibleName('The run');
    await run.page.goForward();
    await expect(run.title).toHaveAccessibleName('TestSkip skipped');
  });

  test('a link to what the run does not have says so, and leads to the run', async ({ look }) => {
    const run = await look(PARALLEL);
    await run.row('TestSkip').click();
    await run.page.goto(run.page.url().replace('TestSkip', 'TestGone'));
    await run.page.reload();
    await expect(run.details).toContainText('something that this run does not have');
    await run.details.getByRole('button', { name: 'Show the run' }).click();
    await expect(run.title).toHaveAccessibleName('The run');
  });

  test('light and dark follow the system until one of them is chosen; the canvas goes along', async ({ look }) => {
    const run = await look(PARALLEL);
    const { page } = run;
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [light, dark] = ['rgb(255, 255, 255)', 'rgb(22, 24, 28)'];
    const pictures: string[] = [];
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background()).toBe(light);
    pictures.push(await run.timeline.picture());
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).toBe(dark);
    pictures.push(await run.timeline.picture());
    await page.getByRole('button', { name: 'Theme: system' }).click();
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background()).toBe(dark);
    pictures.push(await run.timeline.picture());
    await page.getByRole('button', { name: 'Theme: dark' }).click();
    await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
    expect(await background()).toBe(light);
    pictures.push(await run.timeline.picture());
    expect(pictures.map((picture) => pictures.indexOf(picture))).toEqual([0, 1, 1, 0]);
  });
});
