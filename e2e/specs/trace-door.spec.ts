import { fileURLToPath } from 'node:url';
import { DOOR_CASES, recordingBytes, type DoorCase, type OpenDoor } from '@observe/testkit';
import { build } from 'esbuild';
import { expect, test } from '@playwright/test';

/** Of the page's sources and of the cases: the page has no use for a trace reader yet, so no built file holds them. */
const FILES: Readonly<Record<string, string>> = {
  '/trace-door.js': 'apps/web/src/workers/trace-door.ts',
  '/trace.worker.js': 'apps/web/src/workers/trace.worker.ts',
  '/door-cases.js': 'packages/testkit/src/door-cases.ts',
};
const root = fileURLToPath(new URL('../..', import.meta.url));
const SITE = 'http://observe.test';
const trace = new Uint8Array(recordingBytes('shop/go1.27/reports.trace'));

/** What the page finds at the paths of FILES. */
interface Modules {
  openTraceDoor(worker: Worker, ...rest: Parameters<OpenDoor>): ReturnType<OpenDoor>;
  readonly DOOR_CASES: readonly DoorCase[];
}

test.beforeEach(async ({ page }) => {
  for (const [path, entry] of Object.entries(FILES)) {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      format: 'esm',
      write: false,
      logLevel: 'error',
    });
    await page.route(SITE + path, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]?.text ?? '' }),
    );
  }
  await page.route(`${SITE}/`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.route(`${SITE}/missing.js`, (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto(`${SITE}/`);
});

for (const [i, { sentence, expected }] of DOOR_CASES.entries()) {
  test(`a door to a web worker ${sentence}`, async ({ page }) => {
    const seen = await page.evaluate(
      async ({ i, bytes }) => {
        const load = (path: string): Promise<Modules> => import(path) as Promise<Modules>;
        const { openTraceDoor } = await load('/trace-door.js');
        const cases = (await load('/door-cases.js')).DOOR_CASES;
        const open: OpenDoor = (onSegment) =>
          openTraceDoor(new Worker('/trace.worker.js', { type: 'module' }), onSegment);
        return cases[i]?.run(open, Uint8Array.from(bytes));
      },
      { i, bytes: [...trace] },
    );
    expect(seen).toEqual(expected(trace));
  });
}

test('a web worker that cannot start rejects', async ({ page }) => {
  const message = await page.evaluate(async (path) => {
    const { openTraceDoor } = (await import(path)) as Modules;
    const door = openTraceDoor(new Worker('/missing.js', { type: 'module' }), () => undefined);
    return door.end().catch((error: Error) => error.message);
  }, '/trace-door.js');
  expect(message).toBe('the trace worker did not start');
});
