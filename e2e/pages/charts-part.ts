import type { Locator, Page } from '@playwright/test';

/** Goroutines, heap and collections above the lanes. */
export class ChartsPart {
  readonly band: Locator;
  readonly toggle: Locator;
  /** The canvases, without the legend. */
  readonly box: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.band = page.getByRole('region', { name: 'Goroutines and memory' });
    this.toggle = this.band.getByRole('button');
    this.box = this.band.locator('.charts-box');
  }

  /** What the charts show at a few moments, in words. */
  async text(): Promise<string[]> {
    await this.#page.evaluate(() => window.observe.idle());
    return (await this.#page.evaluate(() => window.observe.chartsText())).split('\n');
  }

  /** What the legend says of a group: `lock`, `channel`. */
  value(group: string): Locator {
    return this.band.locator(`[data-value="${group}"]`);
  }

  /** Whether anything but the ground is painted between two shares of the width. */
  async isPainted(from: number, to: number): Promise<boolean> {
    await this.#page.evaluate(() => window.observe.idle());
    return this.box
      .locator('canvas')
      .first()
      .evaluate(
        (canvas: HTMLCanvasElement, [left = 0, right = 1]) => {
          const { width, height } = canvas;
          const x = Math.floor(width * left);
          const columns = Math.max(1, Math.floor(width * (right - left)));
          const pixels = canvas.getContext('2d')?.getImageData(x, 0, columns, height).data ?? [];
          const colours = new Set<number>();
          for (let i = 0; i < pixels.length; i += 4)
            if (pixels[i + 3] === 255)
              colours.add(((pixels[i] ?? 0) << 16) | ((pixels[i + 1] ?? 0) << 8) | (pixels[i + 2] ?? 0));
          return colours.size > 2; // the grid, and the line between the charts
        },
        [from, to],
      );
  }
}
