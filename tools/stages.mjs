import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PLAYWRIGHT } from './chromium.mjs';
import { ROOT } from './root.mjs';
import { run } from './run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {Counts & { output: string }} Outcome `output`: what to show when something failed */
/** @typedef {{ name: string, run: () => Promise<Outcome> }} Stage */

const BIN = join(ROOT, 'node_modules');
const CACHE = join(BIN, '.cache/observe');

/** What needs no browser and no built program: format, lint, types, floors, unit. A check counts as one test. */
export const CHECKS = /** @type {Stage[]} */ ([
  check('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--cache', '--log-level', 'warn', '.'),
  check('lint', 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'),
  check('types', 'tools/check-types.mjs'),
  check('floors', 'tools/check-floors.mjs'),
  { name: 'unit', run: unit },
]);

/** The built programs in a real browser. */
export const E2E = /** @type {Stage} */ ({ name: 'e2e', run: e2e });

/**
 * Runs each stage, also after one failed, and says how each went.
 *
 * @param {readonly Stage[]} stages
 * @returns {Promise<Counts>}
 */
export async function runStages(stages) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of stages) {
    const startMs = performance.now();
    const { passed, failed, skipped, output } = await stage.run();
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    if (failed > 0) console.log(output.trimEnd());
    const counts = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`];
    console.log(
      `${failed > 0 ? 'FAIL' : 'ok  '} ${stage.name.padEnd(7)} ${seconds.padStart(5)} s  ${counts.filter(Boolean).join(', ')}`,
    );
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/** @type {(name: string, script: string, ...args: string[]) => Stage} */
function check(name, script, ...args) {
  return {
    name,
    async run() {
      const { code, output } = await runNode([join(ROOT, script), ...args]);
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
    },
  };
}

async function unit() {
  const report = reportFile('vitest.json');
  const vitest = join(BIN, 'vitest/vitest.mjs');
  const args = [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return counted(await runNode(args), report, (json) => ({
    passed: json.numPassedTests,
    failed: json.numFailedTests,
    skipped: json.numPendingTests + json.numTodoTests,
  }));
}

async function e2e() {
  const report = reportFile('playwright.json');
  const args = [PLAYWRIGHT, 'test', '--config', 'e2e/playwright.config.ts', '--reporter=dot,json'];
  return counted(await runNode(args, { PLAYWRIGHT_JSON_OUTPUT_FILE: report }), report, ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  }));
}

/** What it prints is captured, and shown only when it fails: without colours. */
const runNode = (/** @type {string[]} */ args, /** @type {NodeJS.ProcessEnv} */ env = {}) =>
  run(process.execPath, args, { env: { ...process.env, NO_COLOR: '1', ...env } });

/** Where a runner writes its report: one of an earlier run must not be read for it. */
function reportFile(/** @type {string} */ name) {
  const path = join(CACHE, name);
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  return path;
}

/**
 * The counts of a runner's report. A runner that failed without a failed test (it crashed, a file did not load) counts as one.
 *
 * @param {{ code: number, output: string }} result
 * @param {string} report
 * @param {(json: any) => Counts} read
 * @returns {Outcome}
 */
function counted({ code, output }, report, read) {
  try {
    const counts = read(JSON.parse(readFileSync(report, 'utf8')));
    return { ...counts, failed: code !== 0 && counts.failed === 0 ? 1 : counts.failed, output };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, output };
  }
}
