import type { Locator, Page } from '@playwright/test';
import { ChartsPart } from './charts-part.ts';
import { GoroutinesPart } from './goroutines-part.ts';
import { OutputPane } from './output-pane.ts';
import { TimelinePart } from './timeline-part.ts';
import { viewOf } from './view.ts';

/** The page of one run, by what a user sees and a screen reader says. */
export class RunPage {
  readonly page: Page;
  readonly header: Locator;
  readonly verdict: Locator;
  readonly tree: Locator;
  readonly rows: Locator;
  readonly search: Locator;
  /** The pane below: about the selection, or the run. */
  readonly details: Locator;
  /** What the pane below is about: `TestStock failed`, `The run`. */
  readonly title: Locator;
  readonly timeline: TimelinePart;
  readonly charts: ChartsPart;
  readonly goroutines: GoroutinesPart;
  readonly output: OutputPane;

  constructor(page: Page) {
    this.page = page;
    this.header = page.locator('header');
    this.verdict = page.getByRole('heading', { level: 1 });
    this.tree = page.getByRole('tree', { name: 'Tests' });
    this.rows = this.tree.getByRole('treeitem');
    this.search = page.getByRole('searchbox', { name: 'Search tests' });
    this.details = page.getByRole('region', { name: 'Details' });
    this.title = this.details.getByRole('heading', { level: 2 });
    this.timeline = new TimelinePart(page);
    this.charts = new ChartsPart(page);
    this.goroutines = new GoroutinesPart(page);
    this.output = new OutputPane(page);
  }

  /** Resolves when nothing waits to be fetched, folded, painted or written into the address. */
  async idle(): Promise<void> {
    await this.page.evaluate(() => window.observe.idle());
  }

  /** The row of this name: `TestStock`, `item3`. A subtest's row leaves its parent's name out, a package's what all have in common. */
  row(name: string): Locator {
    return this.rows.filter({ has: this.page.locator(`.name:text-is("${name}")`) });
  }

  /** The rows in sight, by their names alone. */
  async names(): Promise<string[]> {
    await this.idle();
    const rows = await this.rows.evaluateAll((all) =>
      all.map((row) => ({
        top: row.getBoundingClientRect().top,
        name: row.querySelector('.name')?.firstChild?.textContent ?? '',
      })),
    );
    return rows.sort((a, b) => a.top - b.top).map(({ name }) => name);
  }

  /** A chip of the filter: `failed`, `never started`. */
  chip(outcome: string): Locator {
    return this.page
      .getByRole('group', { name: 'Show only' })
      .getByRole('button', { name: new RegExp(`^${outcome}:`) });
  }

  async openTab(name: 'Output' | 'Goroutines' | 'Dumps' | 'Facts'): Promise<void> {
    await this.details.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    await this.idle();
  }

  /** What the facts say of one of their terms. */
  fact(term: string): Locator {
    const terms = this.details.getByRole('term').filter({ hasText: new RegExp(`^${term}$`) });
    return terms.locator('xpath=following-sibling::*[1]');
  }

  /** The view that the address carries. */
  view(): URLSearchParams {
    return viewOf(this.page);
  }
}

declare global {
  interface Window {
    /** As in apps/web/src/start.tsx. */
    observe: { idle(): Promise<void>; timelineText(): string; chartsText(): string };
  }
}
