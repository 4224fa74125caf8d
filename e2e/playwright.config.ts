import { defineConfig } from '@playwright/test';

const executablePath = process.env.CHROMIUM;

export default defineConfig({
  testDir: 'specs',
  // Each test drives real processes of its own; two cores hold two of them.
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 }, // only a failure waits for it; two busy cores can be slow
  globalTimeout: 480_000,
  outputDir: 'test-results',
  // Texts, the same on every platform and from every source of a run.
  snapshotPathTemplate: '{testDir}/golden/{arg}{ext}',
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 720 },
    screenshot: 'only-on-failure',
    launchOptions: { ...(executablePath && { executablePath }), args: ['--no-sandbox'] },
  },
});
