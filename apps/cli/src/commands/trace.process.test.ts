import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { recordingBytes, recordingText } from '@observe/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildPrograms, User } from '../test-kit.ts';

let programs: Awaited<ReturnType<typeof buildPrograms>>;
let user: User;
beforeAll(async () => void (programs = await buildPrograms()), 60_000);
afterAll(() => programs.remove());
beforeEach(() => void (user = new User(programs.observe)));
afterEach(() => user.leave());

const ORDERS = recordingBytes('shop/go1.26/orders.trace');
/** What Go's own reader says of it. */
const ORACLE = JSON.parse(recordingText('shop/go1.26/orders.oracle.json.gz')) as Told;

interface Told {
  readonly durationNs: number;
  readonly firstSyncWall: string;
  readonly goCreates: number;
  readonly maxAlive: number;
  readonly goroutines: readonly { readonly id: number; readonly stateNs: Readonly<Record<string, number>> }[];
}

const put = (name: string, bytes: Uint8Array | string): string => {
  const path = join(user.home, name);
  writeFileSync(path, bytes);
  return path;
};
const byId = (told: Told): Told['goroutines'] => [...told.goroutines].sort((a, b) => a.id - b.id);

test('tells in JSON what Go’s own reader tells, of a plain and of a gzipped trace', async () => {
  for (const path of [put('t.trace', ORDERS), put('t.trace.gz', gzipSync(ORDERS))]) {
    const { code, stdout } = await user.run(['trace', '--json', path]);
    const told = JSON.parse(stdout) as Told;
    expect(code).toBe(0);
    expect(told).toMatchObject({ schema: 1, goVersion: 'go1.26', faults: [], droppedFaults: 0 });
    for (const field of ['durationNs', 'firstSyncWall', 'goCreates', 'maxAlive'] as const)
      expect([field, told[field]]).toEqual([field, ORACLE[field]]);
    expect(byId(told)).toEqual(byId(ORACLE));
  }
});

test('adds up in JSON when totals are asked for', async () => {
  const { stdout } = await user.run(['trace', '--json', '--totals', put('t.trace', ORDERS)]);
  const totalStateNs: Record<string, number> = {};
  for (const { stateNs } of ORACLE.goroutines)
    for (const [state, ns] of Object.entries(stateNs)) totalStateNs[state] = (totalStateNs[state] ?? 0) + ns;
  const told = JSON.parse(stdout) as object;
  expect(told).toMatchObject({ goroutineCount: ORACLE.goroutines.length, totalStateNs });
  expect(told).not.toHaveProperty('goroutines');
});

test('tells a person who was there, where the time went, and the longest waits with their stacks', async () => {
  const { code, stdout, stderr } = await user.run(['trace', put('t.trace', ORDERS)]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatchSnapshot();
});

test('of a cut trace it tells what is good, and where it is cut', async () => {
  const { code, stdout } = await user.run(['trace', put('t.trace', ORDERS.subarray(0, ORDERS.length - 1000))]);
  expect(code).toBe(0);
  expect(stdout).toContain('1 of them cut');
  expect(stdout).toMatch(/^at byte [\d,]+: the file ends inside of a /m);
});

test.each([
  ['another file', 'ok  \texample.com/p\t0.1s\n', 'not a Go execution trace'],
  ['a trace of Go 1.19', 'go 1.19 trace\0\0\0…', 'record it again with Go 1.22 or later'],
  ['an empty file', '', 'is empty'],
])('refuses %s, and says what to do', async (_what, text, message) => {
  const path = put('t.trace', text);
  const { code, stdout, stderr } = await user.run(['trace', path]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(path);
  expect(stderr).toContain(message);
});

test('an archive that breaks off is told as far as it goes', async () => {
  const packed = gzipSync(ORDERS);
  const { code, stdout, stderr } = await user.run(['trace', put('t.gz', packed.subarray(0, packed.length / 2))]);
  expect(code).toBe(2);
  expect(stderr).toContain('could not be read to its end');
  expect(stdout).toContain('Go 1.26 execution trace');
});
