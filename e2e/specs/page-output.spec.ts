import { expect, fromEachSource, test } from '../harness/page-test.ts';
import { streamOf } from '../harness/streams.ts';

const ESC = '\u001b';
const ATTACK = `<img src=x onerror="window.pwned = 1"><script>window.pwned = 2</script></script><!--`;
/** What a test may print, be called and carry, to get into a page. */
const HOSTILE = streamOf(
  'hostile.jsonl',
  {
    TestColours: [
      `${ESC}[31mred${ESC}[0m plain ${ESC}[1;32mbold green${ESC}[0m`,
      `${ESC}[38;2;10;200;30mtrue colour${ESC}[0m`,
      `${ESC}[31m<b>not bold</b>${ESC}[0m`,
    ],
    TestAttack: [
      ATTACK,
      `${ESC}[35m${ATTACK}${ESC}[0m`,
      `${ESC}]8;;javascript:window.pwned=3${ESC}\\link${ESC}]8;;${ESC}\\`,
    ],
    [`TestName/${ATTACK}`]: ['its name is the attack'],
  },
  `run ${ATTACK}`,
);

const LINES = 120_000;
const LONG = streamOf('long.jsonl', {
  TestLong: Array.from({ length: LINES }, (_, i) => `line ${i}${i === 77_777 ? ' needle' : ''}`),
});

fromEachSource(() => {
  test('colours become spans of ours', async ({ look }) => {
    const run = await look(HOSTILE);
    await run.row('TestColours').click();
    const { output } = run;
    await expect(output.line('bold green')).toContainText('red plain bold green');
    await expect(output.region.locator('.ansi-red').first()).toHaveText('red');
    await expect(output.region.locator('.ansi-green.ansi-bold')).toHaveText('bold green');
    await expect(output.region.getByText('true colour', { exact: true })).toHaveCSS('color', 'rgb(10, 200, 30)');
    await expect(output.region.getByText('<b>not bold</b>')).toHaveClass('ansi-red');
  });

  test('what a test prints is shown as text and never becomes part of the page', async ({ look }) => {
    const run = await look(HOSTILE);
    await expect(run.header).toContainText(`run ${ATTACK}`);
    await run.row('TestAttack').click();
    await expect(run.output.line(ATTACK)).toHaveCount(2);
    await run.rows.filter({ hasText: ATTACK }).click();
    await expect(run.title).toHaveAccessibleName(`TestName/${ATTACK} passed`);
    await expect(run.output.line('its name is the attack')).toBeVisible();
    await run.openTab('Facts');
    await expect(run.fact('Test')).toContainText(ATTACK);
    await run.page.hover('.tree-row.is-selected');
    await expect(run.page.locator('#root :is(img, script, iframe, a[href^="javascript"])')).toHaveCount(0);
    expect(await run.page.evaluate(() => 'pwned' in window)).toBe(false);
  });

  test('of a long output only what is in sight is in the document, and its end is one key away', async ({ look }) => {
    const run = await look(LONG);
    await run.row('TestLong').click();
    const { output } = run;
    await expect(output.bar).toContainText(`${(LINES + 2).toLocaleString('en-US')} lines`);
    await expect(output.line(/line 0$/)).toBeVisible();
    expect(await output.lines.count()).toBeLessThan(100);
    await output.region.press('End');
    await expect(output.line('--- PASS: TestLong')).toBeInViewport();
    await expect(output.line(/line 119999$/)).toBeInViewport();
    expect(await output.lines.count()).toBeLessThan(100);
  });

  test('search in a long output finds lines that were never shown, and goes to them', async ({ look }) => {
    const run = await look(LONG);
    await run.row('TestLong').click();
    const { output } = run;
    await output.search.fill('needle');
    await expect(output.hits).toHaveText('1 of 1');
    await expect(output.line('line 77777 needle')).toBeInViewport();
    await expect(output.region.locator('mark')).toHaveText('needle');
    await output.search.fill('line 11999');
    await expect(output.hits).toHaveText('1 of 11');
    await expect(output.line(/line 11999$/)).toBeInViewport();
    await output.search.press('Shift+Enter');
    await expect(output.hits).toHaveText('11 of 11');
    await expect(output.line(/line 119999$/)).toBeInViewport();
    await output.search.fill('nowhere');
    await expect(output.hits).toHaveText('not found');
  });

  test('a line that may be another test’s says so, one that cannot does not', async ({ look }) => {
    const run = await look('streams/interleave.jsonl');
    await run.row('TestI3').click();
    const { output } = run;
    // Go says TestI3 of both. The first names its test by t.Log; the second came while several tests ran, and is TestI1's.
    await expect(output.line('I3 tlog 1').first()).not.toContainText('uncertain');
    const doubtful = output.line('I1 fmt 1').first();
    await expect(doubtful).toContainText('uncertain');
    await expect(doubtful.getByTitle(/^Uncertain: several tests were active/)).toBeVisible();
  });

  test('what a process printed when it died is given to no test, and is found with its package', async ({ look }) => {
    const run = await look('streams/hang-timeout.jsonl');
    await run.row('TestSelect').click(); // on which Go has pinned the dump
    await expect(run.output.lines).toHaveText([/=== RUN/, /=== PAUSE/, /=== CONT/]);
    await run.row('example.com/rec/hang').click();
    await run.details.getByRole('button', { name: 'Panics, dumps, races' }).click();
    await expect(run.output.line('panic: test timed out after 1s')).toBeVisible();
  });

  test('a broken build is one card with what the compiler said and the packages that it broke', async ({ look }) => {
    const run = await look('streams/builderr.jsonl');
    await expect(run.verdict).toHaveText('Failed');
    await run.details.getByRole('listitem').filter({ hasText: 'Build failed' }).first().click();
    await expect(run.title).toHaveAccessibleName(/ build failed$/);
    await expect(run.output.line(/\.go:\d+:\d+: /).first()).toBeVisible();
    await run.details.locator('.build-packages').getByRole('button').first().click();
    await run.openTab('Facts');
    await expect(run.fact('Build')).toContainText('failed, so nothing of this package was run');
  });

  test('lines that are no JSON are kept, and shown with the run', async ({ look }) => {
    const run = await look('streams/nonjson-mixed.jsonl');
    await run.details.getByRole('tab', { name: /^Lines that were not JSON/ }).click();
    await expect(run.output.lines.first()).toBeVisible();
    await run.details.getByRole('tab', { name: 'Summary' }).click();
    await expect(run.details.getByRole('heading', { name: 'About the stream' })).toBeVisible();
  });
});
