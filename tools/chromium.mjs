import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './root.mjs';
import { run } from './run.mjs';
import { which } from './which.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Playwright's command line, as a file to give to Node. */
export const PLAYWRIGHT = join(ROOT, 'e2e/node_modules/@playwright/test/cli.js');

/**
 * A Chromium that starts: the one that `CHROMIUM` names, else one on the PATH, else it is installed: Debian's package when this
 * is Debian and we are root, else Playwright's own download. Undefined, with the reason on stderr, when there is none to be had.
 *
 * @returns {Promise<string | undefined>} the path of the executable
 */
export async function findChromium() {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') {
    if (await starts(named)) return named;
    console.error(`CHROMIUM=${named} does not start; name another one, or unset it`);
    return undefined;
  }
  return (await onPath()) ?? (await ofPlaywright()) ?? (await install());
}

async function onPath() {
  for (const name of NAMES) {
    const path = which(name);
    // Ubuntu has a `chromium-browser` that only tells how to install one.
    if (path !== undefined && (await starts(path))) return path;
  }
  return undefined;
}

async function ofPlaywright() {
  const { chromium } = createRequire(join(ROOT, 'e2e/package.json'))('@playwright/test');
  const path = /** @type {string} */ (chromium.executablePath());
  return (await starts(path)) ? path : undefined;
}

async function install() {
  if (process.getuid?.() === 0 && which('apt-get') !== undefined) {
    console.error("installing Debian's chromium …");
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env });
    const { code, output } = await run('apt-get', ['install', '-y', '-q', 'chromium'], { env });
    const path = await onPath();
    if (path !== undefined) return path;
    console.error(`apt-get install chromium: exit code ${code}\n${output.slice(-600)}`);
  }
  console.error("downloading Playwright's chromium …");
  const { code, output } = await run(process.execPath, [PLAYWRIGHT, 'install', 'chromium']);
  const path = await ofPlaywright();
  if (path === undefined) {
    console.error(`playwright install chromium: exit code ${code}\n${output.slice(-600)}`);
    console.error(
      'No Chromium: install one, or name one with CHROMIUM=/path/of/it. The tests in the browser are skipped.',
    );
  }
  return path;
}

/** @type {(path: string) => Promise<boolean>} */
const starts = async (path) => (await run(path, ['--version'])).code === 0;
