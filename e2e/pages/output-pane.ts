import type { Locator, Page } from '@playwright/test';

/** The lines of a test, a package or a build. */
export class OutputPane {
  readonly region: Locator;
  /** How many lines there are, and what can be done with them. */
  readonly bar: Locator;
  /** The lines in the document: those in sight and a few around them. */
  readonly lines: Locator;
  readonly search: Locator;
  /** `3 of 17`, `not found`. */
  readonly hits: Locator;

  constructor(page: Page) {
    this.region = page.getByRole('region', { name: 'Output' });
    this.bar = page.locator('.output-bar');
    this.lines = this.region.locator('.output-line');
    this.search = page.getByRole('searchbox', { name: 'Find in output' });
    this.hits = this.bar.getByRole('status');
  }

  /** The lines that hold this text. */
  line(text: string | RegExp): Locator {
    return this.lines.filter({ hasText: text });
  }
}
