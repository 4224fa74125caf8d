// `npm test`: sets everything up, a Chromium included, and runs all checks and tests. The last line is the sum.
import { setup } from './setup.mjs';
import { which } from './which.mjs';

const counts = await testAll().catch((/** @type {Error} */ error) => {
  console.error(error.stack);
  return { passed: 0, failed: 1, skipped: 0 };
});
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;

async function testAll() {
  await setup();
  const { findChromium } = await import('./chromium.mjs');
  const { CHECKS, E2E, runStages } = await import('./stages.mjs');
  if (which('go') === undefined) console.log('Go is not on the PATH: the tests that run it are skipped');
  const chromium = await findChromium();
  if (chromium === undefined) {
    const counts = await runStages(CHECKS);
    console.log('skip e2e: no Chromium');
    return { ...counts, skipped: counts.skipped + 1 };
  }
  process.env.CHROMIUM = chromium;
  return runStages([...CHECKS, E2E]);
}
