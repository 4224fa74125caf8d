import type { Locator, Page } from '@playwright/test';
import { viewOf } from './view.ts';

/** What of the run's time is in sight, in ns; undefined: all of it. */
export type TimeWindow = { readonly fromNs: number; readonly toNs: number } | undefined;

/** The canvas part of a run's page. */
export class TimelinePart {
  readonly lanes: Locator;
  /** The strip of the whole run, and the axis below it. */
  readonly head: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.lanes = page.getByRole('group', { name: 'Timeline' });
    this.head = page.locator('.timeline-head');
  }

  /** The lanes in sight, in words. */
  async text(): Promise<string> {
    await this.#page.evaluate(() => window.observe.idle());
    return this.#page.evaluate(() => window.observe.timelineText());
  }

  /** What the address says of the window in time; it is written when a movement rests: wait for idleness. */
  window(): TimeWindow {
    const range = viewOf(this.#page).get('t');
    const [fromNs = NaN, toNs = NaN] = (range ?? '').split(':').map(Number);
    return range === null ? undefined : { fromNs, toNs };
  }

  /** A picture of the canvases of the lanes: equal when nothing was painted anew. */
  async picture(): Promise<string> {
    await this.#page.evaluate(() => window.observe.idle());
    return this.lanes
      .locator('canvas')
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }

  /** The middle of the lane of a row, at a share of the canvas' width. */
  async place(row: Locator, share: number): Promise<{ x: number; y: number }> {
    const [box, line] = [await this.lanes.boundingBox(), await row.boundingBox()];
    if (box === null || line === null) throw new Error('the row or the timeline is not in sight');
    return { x: box.x + box.width * share, y: line.y + line.height / 2 };
  }
}
