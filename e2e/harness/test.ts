import { test as base } from '@playwright/test';
import { createObserve } from './observe.ts';
import type { Observe } from './observe.ts';

export { expect } from '@playwright/test';

/** Playwright's test, with an `observe` of its own. */
export const test = base.extend<{ observe: Observe }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's needs from the pattern
  observe: async ({}, use) => {
    const observe = createObserve();
    await use(observe);
    await observe.dispose();
  },
});
