import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps}/*/src/**/*.test.{ts,tsx}', '{tools,e2e/harness}/*.test.ts'],
    // A property test or a recording of some megabytes on a busy two-core machine; nothing waits on purpose.
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
