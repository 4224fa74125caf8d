import type { Locator, Page } from '@playwright/test';

/** The list of runs. */
export class RunListPage {
  /** One a run, without the head of the table. */
  readonly rows: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.rows = page.locator('.run-table tbody').getByRole('row');
  }

  row(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }

  async open(name: string): Promise<void> {
    await this.#page.getByRole('link', { name }).click();
  }
}
