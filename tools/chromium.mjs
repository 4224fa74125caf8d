import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './root.mjs';
import { run } from './run.mjs';
import { which } from './which.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** What is shown of a program that failed. */
const TOLD_CHARS = 600;

/** Playwright's command line, as a file to give to Node. */
export const PLAYWRIGHT = join(ROOT, 'e2e/node_modules/@playwright/test/cli.js');

/**
 * What a search for a Chromium asks of the machine.
 *
 * @typedef {object} Machine
 * @property {string | undefined} named a Chromium that the user wants, from `CHROMIUM`
 * @property {(name: string) => string | undefined} which where a program is on the PATH
 * @property {typeof run} run
 * @property {boolean} isRoot packages may be installed
 * @property {() => string | undefined} ofPlaywright where Playwright has its own, or would have it
 * @property {(message: string) => void} say
 */

/** @type {Machine} */
const thisMachine = {
  named: process.env.CHROMIUM,
  which,
  run,
  isRoot: process.getuid?.() === 0,
  ofPlaywright: () => createRequire(join(ROOT, 'e2e/package.json'))('@playwright/test').chromium.executablePath(),
  say: (message) => console.error(message),
};

/**
 * A Chromium that starts: the one that `CHROMIUM` names, else one on the PATH or of Playwright, else it is installed: Debian's
 * package when this is Debian and we are root, else Playwright's own download. Undefined, and the reason is said, when there is
 * none to be had.
 *
 * @param {Machine} [machine]
 * @returns {Promise<string | undefined>} the path of the executable
 */
export async function findChromium(machine = thisMachine) {
  const { named, say } = machine;
  if (named !== undefined && named !== '') {
    const fault = await faultOf(named, machine);
    if (fault === undefined) return named;
    say(`CHROMIUM=${named} does not start; name another one, or unset it\n${fault}`);
    return undefined;
  }
  return (await onPath(machine)) ?? (await ofPlaywright(machine)).path ?? (await install(machine));
}

/** @type {(machine: Machine) => Promise<string | undefined>} */
async function onPath(machine) {
  for (const name of NAMES) {
    const path = machine.which(name);
    // Ubuntu has a `chromium-browser` that only tells how to install one.
    if (path !== undefined && (await faultOf(path, machine)) === undefined) return path;
  }
  return undefined;
}

/** @type {(machine: Machine) => Promise<{ path?: string, fault?: string }>} */
async function ofPlaywright(machine) {
  try {
    const path = machine.ofPlaywright();
    if (path === undefined || path === '') return { fault: 'Playwright has no Chromium for this system' };
    const fault = await faultOf(path, machine);
    return fault === undefined ? { path } : { fault: `${path} does not start\n${fault}` };
  } catch (error) {
    return { fault: String(error) }; // a system that it does not know
  }
}

/** @type {(machine: Machine) => Promise<string | undefined>} */
async function install(machine) {
  const { isRoot, run, say } = machine;
  if (isRoot && machine.which('apt-get') !== undefined) {
    say("installing Debian's chromium …");
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env });
    const { code, output } = await run('apt-get', ['install', '-y', '-q', 'chromium'], { env });
    const path = await onPath(machine);
    if (path !== undefined) return path;
    say(`apt-get install chromium: exit code ${code}\n${output.slice(-TOLD_CHARS)}`);
  }
  say("downloading Playwright's chromium …");
  const { code, output } = await run(process.execPath, [PLAYWRIGHT, 'install', 'chromium']);
  const { path, fault } = await ofPlaywright(machine);
  if (path !== undefined) return path;
  say(`playwright install chromium: exit code ${code}\n${output.slice(-TOLD_CHARS)}`);
  // A download that went well and does not start lacks libraries of the system.
  if (code === 0) say(`${fault}`);
  say('No Chromium: install one, or name one with CHROMIUM=/path/of/it. The tests in the browser are skipped.');
  return undefined;
}

/**
 * Why it does not start, in its own words; undefined when it does.
 *
 * @type {(path: string, machine: Machine) => Promise<string | undefined>}
 */
async function faultOf(path, { run }) {
  const { code, output } = await run(path, ['--version']);
  return code === 0 ? undefined : `exit code ${code}\n${output.slice(-TOLD_CHARS)}`;
}
