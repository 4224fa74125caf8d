import { expect, test } from 'vitest';
import { findChromium, PLAYWRIGHT } from './chromium.mjs';

const DEBIAN = '/usr/bin/chromium';
const OWN = '/cache/playwright/chrome';

/** A machine with these programs, which start; `apt` and `download` bring another, or fail with an exit code. */
function machine({
  programs = [] as readonly string[],
  broken = [] as readonly string[],
  named = undefined as string | undefined,
  isRoot = true,
  apt = undefined as string | number | undefined,
  download = 1 as string | number,
  ofPlaywright = (): string | undefined => OWN,
}) {
  const there = new Set(programs);
  const ran: string[] = [];
  const said: string[] = [];
  const brings = (what: string | number): { code: number; output: string } => {
    if (typeof what === 'number') return { code: what, output: 'Failed to fetch' };
    there.add(what);
    return { code: 0, output: '' };
  };
  return {
    ran,
    said,
    named,
    isRoot,
    ofPlaywright,
    which: (name: string) =>
      name === 'apt-get' && apt !== undefined
        ? '/usr/bin/apt-get'
        : [...there, ...broken].find((path) => path.endsWith(`/${name}`)),
    say: (message: string) => void said.push(message),
    run(command: string, args: readonly string[]) {
      if (args[0] !== '--version') ran.push([command === process.execPath ? 'node' : command, ...args].join(' '));
      if (command === 'apt-get') return Promise.resolve(brings(args[0] === 'install' ? (apt ?? 127) : 0));
      if (command === process.execPath) return Promise.resolve(brings(download));
      if (there.has(command)) return Promise.resolve({ code: 0, output: 'Chromium 150' });
      return Promise.resolve({ code: 127, output: 'libnss3.so: cannot open shared object file' });
    },
  };
}

const APT = ['apt-get update -q', 'apt-get install -y -q chromium'];
const DOWNLOAD = [`node ${PLAYWRIGHT} install chromium`];

test('one that is named is taken, and no other when it does not start', async () => {
  const good = machine({ named: '/opt/mine', programs: ['/opt/mine', DEBIAN] });
  expect([await findChromium(good), good.ran, good.said]).toEqual(['/opt/mine', [], []]);
  const bad = machine({ named: '/opt/mine', programs: [DEBIAN] });
  expect([await findChromium(bad), bad.ran]).toEqual([undefined, []]);
  expect(bad.said).toEqual([
    expect.stringMatching(/^CHROMIUM=\/opt\/mine does not start; [^]*exit code 127[^]*libnss3/),
  ]);
});

test('one on the PATH is taken if it starts, the next one if it does not', async () => {
  const two = machine({ broken: ['/usr/bin/chromium-browser'], programs: ['/usr/bin/google-chrome'] });
  expect([await findChromium(two), two.ran, two.said]).toEqual(['/usr/bin/google-chrome', [], []]);
});

test('Playwright’s own is taken if it was downloaded before', async () => {
  const cached = machine({ programs: [OWN], apt: DEBIAN });
  expect([await findChromium(cached), cached.ran]).toEqual([OWN, []]);
});

test('root on Debian gets Debian’s package', async () => {
  const debian = machine({ apt: DEBIAN });
  expect([await findChromium(debian), debian.ran]).toEqual([DEBIAN, APT]);
  expect(debian.said).toEqual(["installing Debian's chromium …"]);
});

test('where that fails, Playwright’s is downloaded, and why is said', async () => {
  const offline = machine({ apt: 100, download: OWN });
  expect([await findChromium(offline), offline.ran]).toEqual([OWN, [...APT, ...DOWNLOAD]]);
  expect(offline.said).toContain('apt-get install chromium: exit code 100\nFailed to fetch');
});

test.each([
  ['who is not root', { isRoot: false, apt: DEBIAN, download: OWN }],
  ['where there is no apt-get', { download: OWN }],
])('%s: Playwright’s is downloaded at once', async (_, given) => {
  const other = machine(given);
  expect([await findChromium(other), other.ran]).toEqual([OWN, DOWNLOAD]);
  expect(other.said).toEqual(["downloading Playwright's chromium …"]);
});

test('nothing to be had: each way’s fault is said, and what to do', async () => {
  const bare = machine({ apt: 100, download: 1 });
  expect([await findChromium(bare), bare.ran]).toEqual([undefined, [...APT, ...DOWNLOAD]]);
  expect(bare.said).toEqual([
    "installing Debian's chromium …",
    'apt-get install chromium: exit code 100\nFailed to fetch',
    "downloading Playwright's chromium …",
    'playwright install chromium: exit code 1\nFailed to fetch',
    'No Chromium: install one, or name one with CHROMIUM=/path/of/it. The tests in the browser are skipped.',
  ]);
});

test('a download that does not start says what the system lacks', async () => {
  const bare = machine({ isRoot: false, download: '/somewhere/else' });
  expect(await findChromium(bare)).toBeUndefined();
  expect(bare.said.join('\n')).toMatch(/exit code 0\n[^]*chrome does not start\n[^]*libnss3[^]*No Chromium:/);
});

test.each([
  ['has none for this system', () => undefined],
  [
    'does not know this system',
    () => {
      throw new Error('unsupported platform');
    },
  ],
])('a Playwright that %s is no error', async (_, ofPlaywright) => {
  const odd = machine({ ofPlaywright, isRoot: false });
  expect(await findChromium(odd)).toBeUndefined();
  expect(odd.said.at(-1)).toMatch(/^No Chromium/);
});
