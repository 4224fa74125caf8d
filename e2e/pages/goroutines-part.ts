import type { Locator, Page } from '@playwright/test';

/** The tab of a test's or a package's goroutines. */
export class GoroutinesPart {
  /** `12 goroutines`, `2 alive` … */
  readonly numbers: Locator;
  readonly groups: Locator;
  /** Single goroutines, those in sight. */
  readonly rows: Locator;

  constructor(page: Page) {
    this.numbers = page.locator('.goroutines-numbers');
    this.groups = page.getByRole('region', { name: 'Goroutines by what began them' });
    this.rows = page.getByRole('region', { name: 'Goroutines', exact: true }).locator('.go-row-head');
  }

  /** A group by what began it: `auth.TestLogin.func1`. */
  group(startFunc: string): Locator {
    return this.groups.getByRole('listitem').filter({ hasText: startFunc });
  }

  row(name: string | RegExp): Locator {
    return this.rows.filter({ hasText: name });
  }

  /** The lane beside a row. */
  lane(row: Locator): Locator {
    return row.locator('xpath=following-sibling::*[contains(@class, "go-lane")]');
  }
}
