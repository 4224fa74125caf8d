import { test as base, expect } from '@playwright/test';
import { RunPage } from '../pages/run-page.ts';
import type { Library, Shelved, Source } from './library.ts';
import { createLibrary, SOURCES } from './library.ts';

export { expect } from '@playwright/test';

interface Looking {
  /** Chosen by `fromEachSource`. */
  source: Source;
  /** Opens the page on a run of the library, and waits until it rests. From a snapshot: with the network off, and seeing to it that nothing asks for it. */
  look: (at: Shelved) => Promise<RunPage>;
}

/** Playwright's test, for pages of runs that are only looked at: all tests of a worker share them. */
export const test = base.extend<Looking, { library: Library }>({
  library: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's needs from the pattern
    async ({}, use) => {
      const library = createLibrary();
      await use(library);
      await library.dispose();
    },
    { scope: 'worker' },
  ],
  source: ['collector', { option: true }],
  look: async ({ page, context, library, source }, use) => {
    const asked: string[] = [];
    if (source === 'snapshot') {
      await context.setOffline(true);
      await context.route(/^(https?|wss?):/, (route) => route.abort());
      context.on('request', (request) => asked.push(request.url()));
    }
    const faults: string[] = [];
    context.on('weberror', (error) => faults.push(String(error.error())));
    await use(async (at) => {
      await page.goto(await library.address(at, source));
      const run = new RunPage(page);
      await run.idle();
      return run;
    });
    expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    expect(faults).toEqual([]);
  },
});

/** Declares tests once for each source: a page must not show where its run comes from. */
export function fromEachSource(declare: () => void): void {
  for (const source of SOURCES) {
    test.describe(`from a ${source}`, () => {
      test.use({ source });
      declare();
    });
  }
}
