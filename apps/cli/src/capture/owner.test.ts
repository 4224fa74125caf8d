import { expect, test } from 'vitest';
import type { StdinWriters } from '../facts/go-test-process.ts';
import type { CaptureRecord } from './capture-record.ts';
import { ofOurStdin } from './owner.ts';

const record = (said: Partial<CaptureRecord> = {}): CaptureRecord => ({
  pid: 1,
  parent: 7,
  stdout: undefined,
  directory: '/m/a',
  binary: '',
  trace: undefined,
  profiles: new Map(),
  ...said,
});
const owner = (early: StdinWriters) => ofOurStdin(Promise.resolve(early), '/m', 10_000);

test('a go test that prints to our stdin is ours, and one that did so through another program when we began', async () => {
  const ours = owner({ kind: 'pipe', pipe: 'pipe:[5]', pids: new Set([7]), goTest: undefined });
  expect(await ours(record({ stdout: 'pipe:[5]', parent: 9 }), 0)).toBe('ours');
  expect(await ours(record({ stdout: 'pipe:[6]', parent: 7 }), 0)).toBe('ours');
  expect(await ours(record({ stdout: 'pipe:[6]', parent: 9 }), 10_000)).toBe('others');
});

test('where nothing tells, place and time decide, and it is a guess', async () => {
  const ours = owner({ kind: 'unknown' });
  expect(await ours(record(), 10_000)).toBe('guess');
  expect(await ours(record({ directory: '/m' }), 10_000)).toBe('guess');
  expect(await ours(record(), 1000)).toBe('others');
  expect(await ours(record({ directory: '/mm' }), 10_000)).toBe('others');
});

test('a file on stdin has no processes', async () => {
  expect(await owner({ kind: 'file' })(record(), 10_000)).toBe('others');
});
