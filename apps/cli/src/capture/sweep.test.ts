import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweep } from './sweep.ts';

test('what the dead have left an hour ago goes, what the living or the last minutes have left stays', async () => {
  const home = mkdtempSync(join(tmpdir(), 'observe-sweep-'));
  const { pid: dead } = spawnSync('true');
  const alive = process.pid;
  const [now, long] = [Date.now() / 1000, Date.now() / 1000 - 2 * 3600];
  const leave = (path: string, at: number): void => {
    const name = join(home, 'capture', path);
    mkdirSync(join(name, '..'), { recursive: true });
    writeFileSync(name, 'x');
    utimesSync(name, at, at);
  };
  for (const pid of [dead, alive]) {
    leave(`loose/${pid}.trace`, long);
    leave(`test-${pid}-0a/1.process`, long);
    utimesSync(join(home, `capture/test-${pid}-0a`), long, long);
  }
  leave(`loose/${dead}.process`, now);
  leave('loose/notes.txt', long);
  leave('exec', long);

  await sweep(home);
  expect(readdirSync(join(home, 'capture')).sort()).toEqual(['exec', 'loose', `test-${alive}-0a`]);
  expect(readdirSync(join(home, 'capture/loose')).sort()).toEqual(
    [`${alive}.trace`, `${dead}.process`, 'notes.txt'].sort(),
  );
  rmSync(home, { recursive: true });
  await sweep(home); // there is nothing
});
